using System.Collections.Frozen;
using Cdr.Domain;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>Codes of rights in the set of a dialect. A code outside it makes the answer unreadable.</summary>
internal sealed class WireCodes(CodeSet set)
{
    private static readonly FrozenDictionary<string, string> Exemptions = Mnemonics(
        ("PMI", "1"), ("MAT", "6"), ("ALD8", "8"), ("ALD9", "9"), ("ALD13", "13"), ("ALD16", "16"), ("INV", "14"),
        ("SE17", "17"), ("SE18", "18"));

    private static readonly FrozenDictionary<string, string> Modulations = Mnemonics(
        ("RAT", "6"), ("FRO", "7"), ("ASPA", "8"), ("ALM", "9"));

    private static readonly FrozenDictionary<string, string> Situations = Mnemonics(
        ("C2S1", "1"), ("C2S2", "2"), ("C2S3", "3"), ("AME", "10"));

    public Exemption Exemption(string text) => Read(text, Exemptions, Domain.Exemption.Parse, one => one.Code, "exonerations.code");

    public Modulation Modulation(string text) => Read(text, Modulations, Domain.Modulation.Parse, one => one.Code, "modulations.code");

    public SpecialSituation Situation(string text) => Read(text, Situations, SpecialSituation.Parse, one => one.Code, "situations.code");

    private static FrozenDictionary<string, string> Mnemonics(params (string Mnemonic, string Code)[] table) =>
        table.ToFrozenDictionary(one => one.Mnemonic, one => one.Code, StringComparer.Ordinal);

    private T Read<T>(
        string text, FrozenDictionary<string, string> mnemonics, Func<string?, Parsed<T>> parse, Func<T, string> codeOf, string member)
        where T : class
    {
        var code = set == CodeSet.Sfg ? text : mnemonics.GetValueOrDefault(text);
        // The value's own reading forgives spaces and zeros that a clerk types: a regime has no excuse for them.
        return parse(code).TryGet(out var value, out _) && codeOf(value) == code
            ? value
            : throw new UnreadableAnswerException(member);
    }
}
