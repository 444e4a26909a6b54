//! What is installed on this machine, and how what is missing gets installed.
