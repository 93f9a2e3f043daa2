namespace Cdr.Domain;

/// <summary>The checks of a NIR, in the order a clerk can correct them: characters, length, kind, month, key.</summary>
internal static class NirReading
{
    private const string FictitiousMark = "555555";

    public static Parsed<Nir> Read(TypedText typed)
    {
        if (typed.Length == 0)
            return Parsed.Invalid<Nir>("nir-missing", null, "Le numéro de sécurité sociale est à saisir.");

        var refused = typed.FirstRefused(IsAllowed);
        if (refused >= 0)
            return Invalid(typed, refused, "nir-character",
                "Le numéro de sécurité sociale ne comporte que des chiffres, et A ou B pour la Corse (2A, 2B).");
        if (typed.Length is not (Nir.Length or Nir.Length + Nir.KeyLength))
            return Parsed.Invalid<Nir>("nir-length", null,
                "Le numéro de sécurité sociale compte treize caractères, ou quinze avec sa clé.");

        var number = typed.Characters[..Nir.Length];
        return KindOf(number) is { } kind ? ReadKnown(typed, number, kind) : RefuseStart(typed, number[0]);
    }

    /// <summary>Digits everywhere; A or B only where they make the department 2A or 2B.</summary>
    public static bool IsAllowed(string characters, int index) =>
        char.IsAsciiDigit(characters[index])
        || (index == 6 && characters[5] == '2' && characters[6] is 'A' or 'B');

    private static NirKind? KindOf(string number) => (number[0], number[1]) switch
    {
        ('1' or '2', _) => number.AsSpan(1).StartsWith(FictitiousMark) ? NirKind.Fictitious : NirKind.Permanent,
        // Before 2012 the sex of a provisional number could be left at 0.
        ('7' or '8', >= '0' and <= '2') => NirKind.Provisional,
        ('5' or '6', '1' or '2') => NirKind.Migrant,
        ('5', _) when number.StartsWith(FictitiousMark, StringComparison.Ordinal) => NirKind.Provisional,
        _ => null,
    };

    private static Parsed<Nir> ReadKnown(TypedText typed, string number, NirKind kind)
    {
        var hasKey = kind is NirKind.Permanent or NirKind.Fictitious;
        var letter = number.AsSpan().IndexOfAny('A', 'B');
        if (!hasKey && letter >= 0)
            return Invalid(typed, letter, "nir-character", "Un numéro provisoire ou de migrant de passage ne comporte que des chiffres.");
        if (kind == NirKind.Permanent && !IsMonth(number.AsSpan(3, 2)))
            return Invalid(typed, 3, "nir-month-impossible",
                "Le mois de naissance inscrit dans le numéro de sécurité sociale est impossible.");

        var keyIsHonest = typed.Length == Nir.Length || typed.Characters[Nir.Length..] == Nir.ComputeKey(number);
        return (keyIsHonest, hasKey) switch
        {
            (true, _) => Parsed.Valid(new Nir(number, kind)),
            (false, true) => Invalid(typed, Nir.Length, "nir-key-wrong",
                "La clé ne correspond pas au numéro de sécurité sociale : vérifiez le numéro et sa clé."),
            (false, false) => Invalid(typed, Nir.Length, "nir-key-unexpected",
                "Un numéro provisoire ou de migrant de passage n'a pas de clé : saisissez ses treize chiffres seulement."),
        };
    }

    private static Parsed<Nir> RefuseStart(TypedText typed, char first) => first switch
    {
        // Sources disagree on 3 and 4: better refused with that said than asked of seventeen regimes.
        '3' or '4' => Invalid(typed, 0, "nir-first-digit-uncertain",
            "Ce premier chiffre n'est pas reconnu avec certitude dans un numéro de sécurité sociale : vérifiez le numéro."),
        '0' or '9' => Invalid(typed, 0, "nir-first-digit-impossible",
            "Aucun numéro de sécurité sociale ne commence par ce chiffre."),
        _ => Invalid(typed, 1, "nir-second-digit-impossible",
            "Le deuxième chiffre ne convient pas à un numéro provisoire ou de migrant de passage."),
    };

    // 20 and above: registered without a known month.
    private static bool IsMonth(ReadOnlySpan<char> month) =>
        month[0] >= '2' || (month[0] == '0' && month[1] != '0') || (month[0] == '1' && month[1] <= '2');

    private static Parsed<Nir> Invalid(TypedText typed, int index, string code, string message) =>
        Parsed.Invalid<Nir>(code, typed.PositionOf(index), message);
}
