"""End models, one file each, found by file name or by the entry points ``wslabel.end_models``."""
