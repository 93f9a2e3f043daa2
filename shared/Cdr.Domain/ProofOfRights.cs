namespace Cdr.Domain;

/// <summary>What an invoice is sent on the strength of (SFG). A consultation gives 2.</summary>
public sealed record ProofOfRights
{
    private ProofOfRights(string code, string label)
    {
        Code = code;
        Label = label;
    }

    public static ProofOfRights None { get; } = new("0", "Aucun justificatif");

    public static ProofOfRights Attestation { get; } = new("1", "Attestation");

    public static ProofOfRights Consultation { get; } = new("2", "Consultation des droits (CDR) ou attestation de droits");

    public static ProofOfRights CoverAgreement { get; } = new("3", "Accord de prise en charge");

    public static ProofOfRights CarteVitale { get; } = new("4", "Carte Vitale");

    public static ProofOfRights IntegratedConsultationAndCoverAgreement { get; } = new("5", "CDR intégrée et accord de prise en charge");

    private static ClosedSet<ProofOfRights> Known { get; } = new(
        "proof-of-rights", "Le code de justificatif de droits", static one => one.Code,
        None, Attestation, Consultation, CoverAgreement, CarteVitale, IntegratedConsultationAndCoverAgreement);

    public static IReadOnlyList<ProofOfRights> All => Known.All;

    /// <value>1 digit.</value>
    public string Code { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    public static Parsed<ProofOfRights> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Code;
}
