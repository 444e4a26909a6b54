use crate::lang::phrases::{Phrases, say};
use crate::model::{Remark, RemarkKind};

impl Phrases {
    /// One sentence that says what could be better and how; without line and final stop.
    pub fn remark(self, remark: &Remark) -> String {
        let size = self.size(remark.bytes);
        match &remark.kind {
            RemarkKind::UnusedStage { stage } => say!(
                self,
                "nothing is taken from stage `{stage}`: it can go",
                "rien n’est repris de la phase `{stage}`\u{a0}: vous pouvez la supprimer"
            ),
            RemarkKind::WholeContext => say!(
                self,
                "the whole build context is copied ({size}): name the files that are wanted",
                "tout le contexte de build est copié ({size})\u{a0}: nommez les fichiers voulus"
            ),
            RemarkKind::Doubled => say!(
                self,
                "chmod or chown stores the files once more ({size}): use `COPY --chown`, or do it \
                 in \
                 the build stage",
                "chmod ou chown enregistre les fichiers une seconde fois ({size})\u{a0}: utilisez \
                 `COPY --chown`, ou faites-le dans la phase de build"
            ),
            RemarkKind::ManyLayers { layers } => {
                let layers = self.layers(*layers);
                say!(
                    self,
                    "the last stage makes {layers}: collect the files in one directory of the \
                     build \
                     stage, and copy that",
                    "la dernière phase crée {layers}\u{a0}: réunissez les fichiers dans un \
                     dossier de \
                     la phase de build, et copiez ce dossier"
                )
            }
            RemarkKind::UnpinnedBase { image } => say!(
                self,
                "`{image}` has no version: tomorrow it may be another image",
                "`{image}` n’a pas de version\u{a0}: demain, ce sera peut-être une autre image"
            ),
            RemarkKind::Tool { path } => say!(
                self,
                "`{path}` ({size}) is in the final image, which can do without it",
                "`{path}` ({size}) est dans l’image finale, qui peut s’en passer"
            ),
        }
    }
}
