/// Declares an enum whose variants have one name each, in files and on the command line: the
/// list of all variants, [`name`] and serde all come from this one table.
///
/// [`name`]: super::Rule::name
macro_rules! named {
    (
        $(#[$meta:meta])*
        pub enum $enum:ident {
            $($(#[$note:meta])* $variant:ident => $name:literal,)+
        }
    ) => {
        $(#[$meta])*
        pub enum $enum {
            $($(#[$note])* $variant,)+
        }

        impl $enum {
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl serde::Serialize for $enum {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $enum {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
                let known = Self::ALL.into_iter().find(|known| known.name() == text);
                known.ok_or_else(|| serde::de::Error::unknown_variant(&text, &[$($name),+]))
            }
        }
    };
}

pub(crate) use named;
