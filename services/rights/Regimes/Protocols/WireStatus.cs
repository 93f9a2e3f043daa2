namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The statuses of <c>docs/regime-protocols.md</c>; there is no other.</summary>
internal enum WireStatus
{
    Found,
    Unknown,
    Candidates,
    BeneficiaryUnknown,
    Moved,
    Closed,
    Error,
}

internal static class WireStatuses
{
    /// <exception cref="UnreadableAnswerException">Not a status of this language.</exception>
    public static WireStatus French(string? text) => text switch
    {
        "TROUVE" => WireStatus.Found,
        "INCONNU" => WireStatus.Unknown,
        "PLUSIEURS" => WireStatus.Candidates,
        "BENEFICIAIRE_INCONNU" => WireStatus.BeneficiaryUnknown,
        "MUTE" => WireStatus.Moved,
        "FERME" => WireStatus.Closed,
        "ERREUR" => WireStatus.Error,
        _ => throw new UnreadableAnswerException("statut"),
    };

    /// <exception cref="UnreadableAnswerException">Not a status of this language.</exception>
    public static WireStatus English(string? text) => text switch
    {
        "FOUND" => WireStatus.Found,
        "UNKNOWN" => WireStatus.Unknown,
        "CANDIDATES" => WireStatus.Candidates,
        "BENEFICIARY_UNKNOWN" => WireStatus.BeneficiaryUnknown,
        "MOVED" => WireStatus.Moved,
        "CLOSED" => WireStatus.Closed,
        "ERROR" => WireStatus.Error,
        _ => throw new UnreadableAnswerException("statut"),
    };
}
