from wslabel.authoring import Label, Task


class Clause(Label):
    """Which of seventeen points that a lawyer checks in a non-disclosure agreement (NDA) a clause decides.

    The unit is a clause: a sentence, or the item of a list. It gets the point that it decides by itself, whichever way
    it decides it; where it decides several, the main one.
    """

    OTHER = (
        "Other",
        "None of the points below: parties, headings, notices, remedies, governing law, amendments, assignment, "
        "warranties, "
        "definitions of other terms. Edge cases: that the information is to be kept secret, without saying for what "
        "use "
        "or from whom; information that is public or was known before.",
    )
    CONFIDENTIALITY_OF_AGREEMENT = (
        "Confidentiality of Agreement",
        "Whether the agreement, the talks or the deal may be disclosed: 'the fact that discussions are taking "
        "place'. Edge "
        "cases: a ban on press releases counts where it is about the agreement or the deal.",
    )
    EXPLICIT_IDENTIFICATION = (
        "Explicit identification",
        "Whether confidential information has to be marked or named as such. Edge cases: 'whether or not marked' "
        "counts, too.",
    )
    INCLUSION_OF_VERBALLY_CONVEYED_INFORMATION = (
        "Inclusion of verbally conveyed information",
        "Whether what is only spoken, shown or conveyed in any form is confidential information.",
    )
    LIMITED_USE = (
        "Limited use",
        "The information may be used for the stated purpose only. Edge cases: 'copy only for the purpose' is "
        "Permissible copy.",
    )
    NO_LICENSING = (
        "No licensing",
        "Disclosure grants no licence or other right; the information remains the discloser's property.",
    )
    NO_REVERSE_ENGINEERING = (
        "No reverse engineering",
        "What is handed over must not be taken apart, decompiled or analysed.",
    )
    NO_SOLICITATION = (
        "No solicitation",
        "Staff, customers or suppliers of the other side must not be hired or lured away; also bans on competing or on "
        "contacting them.",
    )
    NONE_INCLUSION_OF_NON_TECHNICAL_INFORMATION = (
        "None-inclusion of non-technical information",
        "What kinds of information count: whether business, financial, customer or personnel matters are confidential "
        "information as technical ones are. Definitions that list kinds of content belong here.",
    )
    NOTICE_ON_COMPELLED_DISCLOSURE = (
        "Notice on compelled disclosure",
        "Who must disclose by law, court or authority has to tell the discloser before.",
    )
    PERMISSIBLE_ACQUIREMENT_OF_SIMILAR_INFORMATION = (
        "Permissible acquirement of similar information",
        "What comes lawfully from a third party, or from another source, is free.",
    )
    PERMISSIBLE_COPY = ("Permissible copy", "Whether, and for what, copies may be made.")
    PERMISSIBLE_DEVELOPMENT_OF_SIMILAR_INFORMATION = (
        "Permissible development of similar information",
        "What the recipient develops independently is free.",
    )
    PERMISSIBLE_POST_AGREEMENT_POSSESSION = (
        "Permissible post-agreement possession",
        "The recipient may keep something after the end: an archive copy, back-ups, what the law demands. Edge "
        "cases: a "
        "duty to return with such an exception belongs here.",
    )
    RETURN_OF_CONFIDENTIAL_INFORMATION = (
        "Return of confidential information",
        "Everything has to be returned or destroyed, with no exception.",
    )
    SHARING_WITH_EMPLOYEES = (
        "Sharing with employees",
        "The recipient's employees may, or may not, be told: 'need to know'.",
    )
    SHARING_WITH_THIRD_PARTIES = (
        "Sharing with third-parties",
        "Consultants, agents, advisers or other third parties may, or may not, be told.",
    )
    SURVIVAL_OF_OBLIGATIONS = (
        "Survival of obligations",
        "Obligations last beyond the end of the agreement: 'shall survive', or a term of years for secrecy.",
    )


task = Task("legal.nda_clause", Clause)
