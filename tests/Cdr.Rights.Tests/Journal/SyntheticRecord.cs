using System.Security.Cryptography;
using Cdr.Rights.Journal;

namespace Cdr.Rights.Tests.Journal;

/// <summary>A record of the usual shape about nobody.</summary>
internal static class SyntheticRecord
{
    public static JournalRecord At(DateTimeOffset at, Random random)
    {
        var (id, payload) = (Guid.CreateVersion7(at), Bytes(random, 300));
        var record = new JournalRecord
        {
            Id = id, Consultation = id, Kind = RecordKind.Answered, At = at, Subject = "person-" + random.Next(9), Session = Guid.CreateVersion7(at).ToString(), Role = "clerk",
            Establishment = "750712184", Group = "G1", Department = "75", Unit = "ADM", Function = "reception", Reason = "emergency", CareDate = DateOnly.FromDateTime(at.UtcDateTime),
            Outcome = 0, Regime = "cnam", Source = 1, Milliseconds = random.Next(1000), Regimes = "cnam:0:34", PseudonymKey = 1, Pseudonym = Bytes(random, 32), Request = Bytes(random, 32),
            RulesVersion = "2026-1", TraceId = "", Payload = payload, PayloadHash = SHA256.HashData(payload),
        };
        record.Hash = RecordHash.Of(record);
        return record;
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
