from wslabel.authoring import Label, Task


class Condition(Label):
    """Which disease area the abstract of a medical paper is about: what the patients have, not where it was treated."""

    NEOPLASMS = (
        "neoplasms",
        "Tumours and cancers of any organ, their spread, staging and treatment, leukaemia and lymphoma; tumour "
        "biology. Edge "
        "cases: a tumour of the brain, the bowel or the heart is a neoplasm first; a complication of chemotherapy "
        "counts "
        "here where the paper is about the cancer.",
    )
    DIGESTIVE = (
        "digestive system diseases",
        "Diseases of oesophagus, stomach, bowel, liver, gallbladder, bile ducts and pancreas, viral hepatitis "
        "included. Edge "
        "cases: bleeding, diarrhoea and portal hypertension count here; cancers of these organs are neoplasms.",
    )
    NERVOUS = (
        "nervous system diseases",
        "Diseases and injuries of brain, spinal cord, nerves and muscles' nerve supply: epilepsy, dementia, palsies, "
        "sleep "
        "disorders, headache, meningitis. Edge cases: stroke and haemorrhage in the brain count here where the nervous "
        "system is studied, and under cardiovascular diseases where the vessels are.",
    )
    CARDIOVASCULAR = (
        "cardiovascular diseases",
        "Diseases of heart and vessels: ischaemia, failure, rhythm, valves, hypertension, thrombosis, aneurysm. Edge "
        "cases: "
        "carotid stenosis and its surgery; congenital heart disease; shock counts as a general condition.",
    )
    GENERAL = (
        "general pathological conditions",
        "What belongs to no single system: infection, inflammation, injury, wounds, pain, fever, shock, "
        "complications of "
        "operations and anaesthesia, transplants, pregnancy and birth, and diseases of other systems (lungs, kidneys, "
        "joints, skin, glands, eyes). Edge cases: an abstract in which several systems weigh the same.",
    )


task = Task("healthcare.condition", Condition)
