namespace Cdr.Sessions.Data;

/// <summary>Whoever proved a national identifier with a card, or is expected to. Survives the renewal of the card.</summary>
internal sealed class Person
{
    public required Guid Id { get; init; }

    /// <summary>Keyed hash of the national identifier: what is looked up, and <c>sub</c>. Never made anew: others keep it.</summary>
    public required byte[] Reference { get; init; }

    /// <summary>Id of the key it was made with.</summary>
    public required int ReferenceKey { get; init; }

    /// <summary>The national identifier, sealed.</summary>
    public required byte[] Identifier { get; set; }

    /// <summary>The name on the card, sealed; for its holder's own screen.</summary>
    public byte[]? Name { get; set; }

    /// <summary>The register knows of a liberal practice.</summary>
    public bool LiberalPractice { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public List<Habilitation> Habilitations { get; } = [];
}

/// <summary>What a person may act as, where, and between which days: a situation the card tells, or a grant.</summary>
internal sealed class Habilitation
{
    public const int OrganismLength = 5;

    public required Guid Id { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>Its parts joined: one person holds each only once.</summary>
    public required string Key { get; init; }

    public required string Role { get; init; }

    public string? EstablishmentFiness { get; init; }

    public string? Unit { get; init; }

    public string? Function { get; set; }

    public string? GroupId { get; init; }

    public string? Regime { get; init; }

    /// <summary>Régime and caisse, 5 digits; null: whatever caisse of the regime.</summary>
    public string? Organism { get; init; }

    /// <summary>One of <see cref="HabilitationOrigins"/>.</summary>
    public required string Origin { get; init; }

    /// <summary>First day, at the establishment.</summary>
    public required DateOnly From { get; set; }

    /// <summary>Last day, at the establishment; null: until closed.</summary>
    public DateOnly? Until { get; set; }

    public Person? Person { get; init; }

    public Establishment? Establishment { get; init; }

    /// <summary>A caisse is a part where there is one: keys that were stored before there were any stay what they are.</summary>
    public static string KeyOf(string role, string? establishment, string? unit, string? group, string? regime, string? organism = null) =>
        string.Join('|', role, establishment, unit, group, regime) + (organism is null ? "" : "|" + organism);

    /// <summary>5 digits: régime and caisse. Which there are is Support's table.</summary>
    public static bool IsOrganism(string text) => text.Length == OrganismLength && text.All(char.IsAsciiDigit);
}

/// <summary>Values of <see cref="Habilitation.Origin"/>.</summary>
internal static class HabilitationOrigins
{
    /// <summary>The card names the employer.</summary>
    public const string Card = "card";

    /// <summary>The establishment's referent, or the platform, gave it.</summary>
    public const string Grant = "grant";
}

/// <summary>A version of the terms of use that a person accepted. Only ever added to, as who gave which access.</summary>
internal sealed class TermsAcceptance
{
    public required Guid PersonId { get; init; }

    public required string Version { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }
}
