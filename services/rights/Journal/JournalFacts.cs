using System.Globalization;
using System.Text;
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
    public static string Write(IEnumerable<RegimeFact> regimes)
    {
        var text = new StringBuilder(64);
        foreach (var regime in regimes)
        {
            if (text.Length > 0)
                text.Append(';');
            text.Append(CultureInfo.InvariantCulture, $"{regime.Regime}:{(int)regime.Outcome}:{regime.Milliseconds}");
        }

        return text.ToString();
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static RegimeFact[] Read(string text) =>
        text.Length == 0
            ? []
            : [.. text.Split(';').Select(part => part.Split(':')).Select(p => new RegimeFact(p[0], (RegimeOutcome)int.Parse(p[1], CultureInfo.InvariantCulture), int.Parse(p[2], CultureInfo.InvariantCulture)))];

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
