using System.Globalization;
using System.Runtime.CompilerServices;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Journal;

/// <summary>From records to the facts that are told and counted: the same whether just written or read again.</summary>
internal static class JournalFacts
{
    public static ConsultationsAnswered Message(Guid journal, long batch, IReadOnlyList<JournalRecord> records)
    {
        var facts = new List<ConsultationFact>(records.Count);
        foreach (var record in records)
        {
            if (record.Kind == RecordKind.Answered)
                facts.Add(Fact(record));
        }

        return new ConsultationsAnswered(journal, batch, [.. facts]);
    }

    /// <summary><c>cnam:0:34;msa:1:12</c>.</summary>
    public static string Write(ReadOnlySpan<RegimeFact> regimes)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        foreach (var regime in regimes)
        {
            if (text.Text.Length > 0)
                text.AppendLiteral(";");
            text.AppendLiteral(regime.Regime);
            text.AppendLiteral(":");
            text.AppendFormatted((int)regime.Outcome);
            text.AppendLiteral(":");
            text.AppendFormatted(regime.Milliseconds);
        }

        return text.ToStringAndClear();
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static RegimeFact[] Read(string text)
    {
        if (text.Length == 0)
            return [];
        var facts = new RegimeFact[text.AsSpan().Count(';') + 1];
        var place = 0;
        foreach (var range in text.AsSpan().Split(';'))
        {
            var part = text.AsSpan(range);
            var (first, last) = (part.IndexOf(':'), part.LastIndexOf(':'));
            facts[place++] = new RegimeFact(
                part[..first].ToString(), (RegimeOutcome)int.Parse(part[(first + 1)..last], CultureInfo.InvariantCulture), int.Parse(part[(last + 1)..], CultureInfo.InvariantCulture));
        }

        return facts;
    }

    /// <summary>Whether all that an « asked » record names are said by the answer's to have been called, for the same question of the same session.</summary>
    public static bool Names(JournalRecord answered, JournalRecord asked)
    {
        var called = Read(answered.Regimes);
        return asked.Session == answered.Session
            && asked.Request.AsSpan().SequenceEqual(answered.Request)
            && Array.TrueForAll(asked.Regimes.Split(';'), name => Array.Exists(called, regime => regime.Regime == name && regime.Milliseconds > 0));
    }

    private static ConsultationFact Fact(JournalRecord record) => new(
        record.Consultation,
        record.At,
        record.Establishment,
        record.Group,
        record.Department,
        record.Unit,
        record.Function,
        record.Reason,
        (ConsultationOutcome)record.Outcome!.Value,
        record.Regime,
        (Freshness)record.Source!.Value,
        record.Milliseconds,
        Read(record.Regimes));
}
