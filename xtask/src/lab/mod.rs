//! A resolved Compose file → [`Lab`](crate::model::Lab). Pure; the sole user of YAML.
