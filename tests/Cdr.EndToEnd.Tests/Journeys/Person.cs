using Cdr.Contracts.Rights;

namespace Cdr.EndToEnd.Tests.Journeys;

/// <summary>People of docs/people.md: test identities.</summary>
/// <param name="Nir">15 characters.</param>
/// <param name="Names">Every name of theirs that an answer may show.</param>
internal sealed record Person(string Nir, params string[] Names)
{
    /// <summary>Insured alone, Cnam.</summary>
    public static readonly Person Cnam = new("2 84 05 75 112 901 54");

    /// <summary>Insured alone, MSA.</summary>
    public static readonly Person Msa = new("1 79 11 35 238 901 73");

    /// <summary>Insured alone, RATP.</summary>
    public static readonly Person Ratp = new("2 90 09 93 066 901 39");

    /// <summary>A partner under her own number, CRPCEN.</summary>
    public static readonly Person Partner = new("2 91 09 45 234 901 29", "Réséda", "Amarante", "Thibaud") { BirthDate = new DateOnly(1991, 9, 27) };

    /// <summary>Ligatures and accents, CANSSM.</summary>
    public static readonly Person Accents = new("2 55 08 59 606 901 36", "Lœuillet", "Françoise-Noëlle") { BirthDate = new DateOnly(1955, 8, 15) };

    /// <summary>A child under both parents; searched by names.</summary>
    public static readonly Person Child = new("2 85 12 06 088 901 81", "Basilic", "Timothée") { BirthDate = new DateOnly(2015, 6, 9) };

    /// <value>Null where no test searches for it.</value>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Known to no regime.</summary>
    public static readonly Person Nobody = new("1 85 05 75 113 999 24");

    public ConsultationRequest Question(string? regime = null, bool refresh = false) =>
        new() { Id = Clerk.NewId(), Nir = Nir, Reason = "emergency", Regime = regime, Refresh = refresh };
}
