namespace Cdr.Portal.Batches;

/// <summary>Columns of a file of questions under the French names, each with the key of its words.</summary>
internal static class BatchColumns
{
    public static IReadOnlyList<(string Column, string Word)> All { get; } =
    [
        ("reference", "BatchColumn-reference"), ("nir", "BatchColumn-nir"), ("nom", "BatchColumn-nom"), ("prenom", "BatchColumn-prenom"), ("dateNaissance", "BatchColumn-dateNaissance"),
        ("dateNaissanceBeneficiaire", "BatchColumn-dateNaissanceBeneficiaire"), ("rangNaissance", "BatchColumn-rangNaissance"), ("dateSoins", "BatchColumn-dateSoins"), ("typeSoins", "BatchColumn-typeSoins"),
        ("datePrescription", "BatchColumn-datePrescription"), ("natureAssurance", "BatchColumn-natureAssurance"), ("motif", "BatchColumn-motif"), ("regime", "BatchColumn-regime"), ("exhaustif", "BatchColumn-exhaustif"),
        ("dossier", "BatchColumn-dossier"),
    ];

    /// <summary>The column of a member of <c>BatchQuestion</c>; a member that is none stays as it is.</summary>
    public static string Of(string member) => member switch
    {
        "names.familyName" => "nom",
        "names.givenName" => "prenom",
        "names" => "nom, prenom",
        "birthDate" => "dateNaissance",
        "beneficiaryBirthDate" => "dateNaissanceBeneficiaire",
        "birthRank" => "rangNaissance",
        "careDate" => "dateSoins",
        "careKind" => "typeSoins",
        "prescriptionDate" => "datePrescription",
        "insuranceNature" => "natureAssurance",
        "reason" => "motif",
        "exhaustive" => "exhaustif",
        "workflowId" => "dossier",
        _ => member,
    };
}
