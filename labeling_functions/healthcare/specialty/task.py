from wslabel.authoring import Label, Task


class Specialty(Label):
    """Which medical specialty a transcribed note belongs to.

    The organ or the procedure decides, not the kind of document: generic kinds (consultation, discharge summary,
    emergency report, progress note, surgery, radiology) are given only where no specialty claims the note.
    """

    ALLERGY_IMMUNOLOGY = (
        "Allergy / Immunology",
        "Allergies and disorders of immunity: skin tests, rhinitis, urticaria, desensitisation.",
    )
    AUTOPSY = ("Autopsy", "Examination of the dead: cause and manner of death, injuries, organs.")
    BARIATRICS = ("Bariatrics", "Obesity and its surgery. Edge cases: a diet plan alone is Diets and Nutritions.")
    CARDIOVASCULAR_PULMONARY = (
        "Cardiovascular / Pulmonary",
        "Heart, vessels and lungs: visits, tests and operations. Edge cases: vessels for dialysis are Nephrology; "
        "lung cancer is Hematology - Oncology unless it is the operation that is told.",
    )
    CHIROPRACTIC = ("Chiropractic", "Visits to a chiropractor: spine, neck and back treated by hand.")
    CONSULT_HISTORY_AND_PHY = (
        "Consult - History and Phy.",
        "A history and physical, or a consultation, that no specialty claims. Edge cases: where the complaint "
        "belongs to one specialty, that specialty counts.",
    )
    COSMETIC_PLASTIC_SURGERY = (
        "Cosmetic / Plastic Surgery",
        "Reconstruction and change of looks: breast, abdomen, face. Edge cases: eyelids that hinder sight are "
        "Ophthalmology.",
    )
    DENTISTRY = ("Dentistry", "Teeth, gums and jaws.")
    DERMATOLOGY = ("Dermatology", "Diseases of the skin and operations on it.")
    DIETS_AND_NUTRITIONS = ("Diets and Nutritions", "Advice on food by a dietitian.")
    DISCHARGE_SUMMARY = ("Discharge Summary", "A summary at discharge that no specialty claims.")
    ENT_OTOLARYNGOLOGY = (
        "ENT - Otolaryngology",
        "Ears, nose, throat and neck. Edge cases: operations on the thyroid may be Endocrinology.",
    )
    EMERGENCY_ROOM_REPORTS = ("Emergency Room Reports", "A visit to the emergency department that no specialty claims.")
    ENDOCRINOLOGY = ("Endocrinology", "Glands and metabolism: thyroid, diabetes, adrenals, growth.")
    GASTROENTEROLOGY = ("Gastroenterology", "Digestive organs, endoscopies and abdominal surgery.")
    GENERAL_MEDICINE = (
        "General Medicine",
        "Visits to a family physician or internist with several or ordinary problems.",
    )
    HEMATOLOGY_ONCOLOGY = (
        "Hematology - Oncology",
        "Blood and cancers, whichever organ. Edge cases: the removal of an organ for cancer may belong to the organ.",
    )
    HOSPICE_PALLIATIVE_CARE = ("Hospice - Palliative Care", "Care of the dying.")
    LAB_MEDICINE_PATHOLOGY = ("Lab Medicine - Pathology", "Reports on specimens and laboratory tests.")
    LETTERS = ("Letters", "Letters between physicians.")
    NEPHROLOGY = ("Nephrology", "Kidneys: failure, dialysis and its access, transplants, stones.")
    NEUROLOGY = (
        "Neurology",
        "Brain, nerves and muscles, without operation; EEG, EMG and images of the nervous system.",
    )
    NEUROSURGERY = ("Neurosurgery", "Operations on brain, skull, spinal cord and spine.")
    OBSTETRICS_GYNECOLOGY = ("Obstetrics / Gynecology", "Pregnancy, birth and the female organs.")
    OPHTHALMOLOGY = ("Ophthalmology", "Eyes and lids.")
    ORTHOPEDIC = (
        "Orthopedic",
        "Bones, joints, tendons and ligaments. Edge cases: feet and toes are Podiatry, operations on the spine may "
        "be Neurosurgery.",
    )
    PAIN_MANAGEMENT = ("Pain Management", "Injections, blocks and pumps against pain.")
    PEDIATRICS_NEONATAL = ("Pediatrics - Neonatal", "Newborns and children, where no organ's specialty claims them.")
    PHYSICAL_MEDICINE_REHAB = ("Physical Medicine - Rehab", "Rehabilitation and the assessment of function.")
    PODIATRY = ("Podiatry", "Feet and toes.")
    PSYCHIATRY_PSYCHOLOGY = ("Psychiatry / Psychology", "Mental disorders, their assessment and therapy.")
    RADIOLOGY = ("Radiology", "Reports on images that no organ's specialty claims.")
    RHEUMATOLOGY = ("Rheumatology", "Inflammatory diseases of joints and connective tissue.")
    SOAP_CHART_PROGRESS_NOTES = ("SOAP / Chart / Progress Notes", "Progress notes that no specialty claims.")
    SLEEP_MEDICINE = ("Sleep Medicine", "Sleep studies and disorders of sleep.")
    SPEECH_LANGUAGE = ("Speech - Language", "Assessment and therapy of speech, language and swallowing.")
    SURGERY = ("Surgery", "Operations that no organ's specialty claims: wounds, abscesses, lines and ports.")
    UROLOGY = ("Urology", "Urinary tract and male organs. Edge cases: stones and kidneys may be Nephrology.")


task = Task("healthcare.specialty", Specialty)
