namespace Cdr.Sessions.Data;

/// <summary>Several legal entities that are managed together.</summary>
internal sealed class HospitalGroup
{
    public required string Id { get; init; }

    public required string Name { get; set; }
}

/// <summary>FINESS juridique.</summary>
internal sealed class LegalEntity
{
    public required string Finess { get; init; }

    public required string Name { get; set; }
}

/// <summary>FINESS géographique. Its time zone is its département's.</summary>
internal sealed class Establishment
{
    public required string Finess { get; init; }

    public required string LegalEntityFiness { get; set; }

    /// <summary>Three digits; which ones are eligible is data.</summary>
    public required string Category { get; set; }

    public required string Department { get; set; }

    public string? GroupId { get; set; }

    public required string Name { get; set; }

    public List<Unit> Units { get; } = [];
}

/// <summary>A hospital's own unit, and the function its posts are equipped for.</summary>
internal sealed class Unit
{
    public required string EstablishmentFiness { get; init; }

    public required string Code { get; init; }

    public required string Name { get; set; }

    /// <summary>reception, emergencies, invoicing…</summary>
    public required string Function { get; set; }
}
