namespace Cdr.Domain;

/// <summary>Why the rights are asked without the carte Vitale. One is always recorded.</summary>
public sealed record ConsultationReason
{
    private ConsultationReason(string id, string label)
    {
        Id = id;
        Label = label;
    }

    public static ConsultationReason CardForgottenLostStolen { get; } = new("card-forgotten-lost-stolen", "Carte Vitale oubliée, perdue ou volée");

    public static ConsultationReason Emergency { get; } = new("emergency", "Admission par les urgences");

    public static ConsultationReason StateMedicalAid { get; } = new("state-medical-aid", "Bénéficiaire de l'aide médicale de l'État (AME)");

    public static ConsultationReason ProvisionalNumber { get; } = new("provisional-number", "Numéro provisoire");

    public static ConsultationReason PatientAbsent { get; } = new("patient-absent", "Patient absent : soins et facturation à des moments différents");

    /// <summary>The first open right may not be the payer: the search is then exhaustive.</summary>
    public static ConsultationReason InvoiceRejected { get; } = new("invoice-rejected", "Facture rejetée par le régime");

    public static ConsultationReason AttendingPhysician { get; } = new("attending-physician", "Déclaration du médecin traitant");

    private static ClosedSet<ConsultationReason> Known { get; } = new(
        "consultation-reason", "Le motif de consultation", static one => one.Id,
        CardForgottenLostStolen, Emergency, StateMedicalAid, ProvisionalNumber, PatientAbsent, InvoiceRejected,
        AttendingPhysician);

    public static IReadOnlyList<ConsultationReason> All => Known.All;

    /// <value>Kebab-case.</value>
    public string Id { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    public static Parsed<ConsultationReason> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Id;
}
