using System.Diagnostics.CodeAnalysis;
using Cdr.Domain;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>Values of the field as regimes write them: canonical, without what a clerk's typing is forgiven.</summary>
internal static class WireValues
{
    public static Nir Nir(string text) => text.Length == 13 ? Read(text, Domain.Nir.Parse, one => one.Value, "nir") : throw new UnreadableAnswerException("nir");

    public static Organism Organism(string text) => Read(text, Domain.Organism.Parse, one => one.Value, "organisme");

    public static Rpps Rpps(string text) => Read(text, Domain.Rpps.Parse, one => one.Value, "medecinTraitant.numero");

    public static WorkAccidentNumber WorkAccident(string text) =>
        Read(text, WorkAccidentNumber.Parse, one => one.Value, "accidentsTravail.numero");

    public static ComplementaryBody ComplementaryBody(string text) =>
        Read(text, Domain.ComplementaryBody.Parse, one => one.Value, "organismeComplementaire");

    public static BirthRank BirthRank(string text) => Read(text, Domain.BirthRank.Parse, one => one.ToString(), "rangNaissance");

    public static BeneficiaryQuality Quality(string text) => Read(text, BeneficiaryQuality.Parse, one => one.Code, "qualite");

    public static RegimeId Regime(string text) => Read(text, RegimeId.Parse, one => one.Value, "versRegime");

    public static CarePeriod Period(DateOnly start, DateOnly? end) =>
        CarePeriod.Create(start, end).TryGet(out var period, out _) ? period : throw new UnreadableAnswerException("fin");

    /// <summary>Neither blank nor damaged before it came: a control or replacement character stands where a letter was.</summary>
    public static bool IsText([NotNullWhen(true)] string? text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Any(static one => char.IsControl(one) || one == '\uFFFD');

    /// <summary>The regime's words are passed on, but not a page of them, nor what could break a line.</summary>
    public static RegimeRefusal Refusal(string code, string label)
    {
        if (code.Length is 0 or > 40 || !code.All(one => char.IsAsciiLetterOrDigit(one) || one == '_'))
            throw new UnreadableAnswerException("erreur.code");
        var line = string.Concat(label.Select(one => char.IsControl(one) ? ' ' : one)).Trim();
        return new RegimeRefusal(code, line.Length <= 200 ? line : $"{line[..199]}…");
    }

    private static T Read<T>(string text, Func<string?, Parsed<T>> parse, Func<T, string> write, string member)
        where T : class =>
        parse(text).TryGet(out var value, out _) && write(value) == text ? value : throw new UnreadableAnswerException(member);
}
