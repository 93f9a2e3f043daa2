namespace Cdr.Domain;

/// <summary>The smart cards of the CPx family. The kind alone never opens CDR.</summary>
public sealed record CardKind
{
    private CardKind(string code, string label, bool mayConsult)
    {
        Code = code;
        Label = label;
        MayConsult = mayConsult;
    }

    public static CardKind Cps { get; } = new("cps", "CPS, carte de professionnel de santé", true);

    public static CardKind Cpf { get; } = new("cpf", "CPF, carte de professionnel en formation", true);

    /// <summary>Refused for a liberal practice, which the card kind does not tell.</summary>
    public static CardKind CpeNominative { get; } = new("cpe-nominative", "CPE nominative, carte de personnel d'établissement", true);

    public static CardKind CpeService { get; } = new("cpe-service", "CPE de service, carte non nominative d'établissement", false);

    public static CardKind Cde { get; } = new("cde", "CDE, carte de représentant légal d'établissement", false);

    public static CardKind Cda { get; } = new("cda", "CDA, carte de représentant de structure autorisée", false);

    /// <summary>Support and operations staff may sign in with it.</summary>
    public static CardKind Cpa { get; } = new("cpa", "CPA, carte d'employé de structure autorisée", false);

    private static ClosedSet<CardKind> Known { get; } = new(
        "card-kind", "Le type de carte", static one => one.Code,
        Cps, Cpf, CpeNominative, CpeService, Cde, Cda, Cpa);

    public static IReadOnlyList<CardKind> All => Known.All;

    /// <value>Kebab-case.</value>
    public string Code { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    /// <value>Whether its holder may consult, once linked to an eligible establishment.</value>
    public bool MayConsult { get; }

    public static Parsed<CardKind> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Code;
}
