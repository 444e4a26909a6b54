mod advising;
mod changes;
mod generated;
mod histories;
mod made;
mod naive;
mod stacking;
