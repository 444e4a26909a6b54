mod advising;
mod changes;
mod contradictions;
mod generated;
mod histories;
mod made;
mod naive;
mod stacking;
