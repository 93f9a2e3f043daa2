using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Cdr.Contracts.Rights;
using Cdr.Rights.Cache;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>What is journaled and sent of a prepared answer.</summary>
internal sealed record PreparedAnswer(ConsultationFact Fact, byte[] Body, byte[] Payload)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(PreparedAnswer);
}

/// <summary>
/// An answer from a kept reply is the same for the same circumstances, but for its id, its instant and the reply's age. It is derived,
/// written and compressed once, and kept beside the reply that it was made of; the next one only gets its own inserts.
/// </summary>
/// <remarks>
/// Form, big-endian: stamp (16), in ticks (8 each) the instant of the reply, its end by the machine's clock, its end by ours; outcome (1),
/// the regime's (1), places of id, instant and age (2 each; 0 where there is no age), lengths of circumstances (2) and text (4); then
/// circumstances, text, and what <see cref="SealedAnswer.Pack"/> gave.
/// </remarks>
internal sealed class PreparedAnswers(RuleSet rules, RegimeRegistry registry, SealedAnswer sealedAnswer, TimeProvider clock)
{
    private const int Header = 16 + 3 * 8 + 2 + 3 * 2 + 2 + 4;

    // A list's references are good for an hour from when they were made: whoever is given them has half of it left.
    private static readonly TimeSpan ListsLifetime = CandidateReference.Lifetime / 2;

    // Another build says things in other words; other rules or another registry, other things.
    private readonly byte[] stamp = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', Builds().Prepend(rules.Version).Append(registry.Digest))))[..16];

    /// <returns>Null where such an answer is not prepared: to names, of departures.</returns>
    /// <param name="question">As asked.</param>
    /// <param name="finding">The one that the answer was made of.</param>
    /// <param name="end">Of the kept reply, in ticks of the machine's clock.</param>
    /// <param name="answer">As it was given.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="evidence">What it was derived from.</param>
    public byte[]? Make(Question question, RegimeFinding finding, long end, ConsultationAnswer answer, ReadOnlySpan<byte> body, ReadOnlySpan<byte> evidence)
    {
        if (question.Subject is not RegimeSubject.ByNir || finding.Freshness != Freshness.Cached || KeptTimes.EndOf(finding.Regime, finding.Answer, finding.At) is not { } until
            || !(finding.Answer is RegimeAnswer.Found ? answer.Affiliations is [_] : finding.Answer is RegimeAnswer.Candidates or RegimeAnswer.Unknown or RegimeAnswer.BeneficiaryUnknown))
            return null;
        if (answer.Candidates.Count > 0 && answer.AnsweredAt + ListsLifetime is var soon && soon < until)
            until = soon;
        var (id, at, age) = Places(body);
        var text = new byte[body.Length - id.Length - at.Length - age.Length];
        body[..id.Place].CopyTo(text);
        body[(id.Place + id.Length)..at.Place].CopyTo(text.AsSpan(id.Place));
        // Without an age nothing is left out for it.
        var rest = age.Place == 0 ? (Place: at.Place + at.Length, Length: 0) : age;
        body[(at.Place + at.Length)..rest.Place].CopyTo(text.AsSpan(at.Place - id.Length));
        body[(rest.Place + rest.Length)..].CopyTo(text.AsSpan(rest.Place - id.Length - at.Length));

        Span<byte> circumstances = stackalloc byte[LongestCircumstances];
        circumstances = circumstances[..Circumstances(question, circumstances)];
        var packed = SealedAnswer.Pack(text, evidence, SealedAnswer.Small);
        var made = new byte[Header + circumstances.Length + text.Length + packed.Length];
        var form = made.AsSpan();
        stamp.CopyTo(form);
        BinaryPrimitives.WriteInt64BigEndian(form[16..], finding.At.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(form[24..], end);
        BinaryPrimitives.WriteInt64BigEndian(form[32..], until.UtcTicks);
        (form[40], form[41]) = ((byte)answer.Outcome, (byte)finding.Outcome);
        BinaryPrimitives.WriteUInt16BigEndian(form[42..], checked((ushort)id.Place));
        BinaryPrimitives.WriteUInt16BigEndian(form[44..], checked((ushort)(at.Place - id.Length)));
        BinaryPrimitives.WriteUInt16BigEndian(form[46..], checked((ushort)(age.Place == 0 ? 0 : age.Place - id.Length - at.Length)));
        BinaryPrimitives.WriteUInt16BigEndian(form[48..], (ushort)circumstances.Length);
        BinaryPrimitives.WriteInt32BigEndian(form[50..], text.Length);
        form = form[Header..];
        circumstances.CopyTo(form);
        text.CopyTo(form[circumstances.Length..]);
        packed.CopyTo(form[(circumstances.Length + text.Length)..]);
        return made;
    }

    /// <returns>Null where it is not for this question, or no longer fresh: the answer is made of the reply then.</returns>
    /// <param name="question">To answer.</param>
    /// <param name="regime">Which one was chosen.</param>
    /// <param name="made">What <see cref="Make"/> gave.</param>
    public PreparedAnswer? For(Question question, RegimeRow regime, ReadOnlySpan<byte> made)
    {
        if (made.Length < Header || !made[..16].SequenceEqual(stamp))
            return null;
        var obtained = new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(made[16..]), TimeSpan.Zero);
        var now = RecordedInstant.Now(clock);
        if (BinaryPrimitives.ReadInt64BigEndian(made[24..]) <= TimeProvider.System.GetUtcNow().UtcTicks || BinaryPrimitives.ReadInt64BigEndian(made[32..]) <= now.UtcTicks)
            return null;
        var circumstances = made.Slice(Header, BinaryPrimitives.ReadUInt16BigEndian(made[48..]));
        var text = BinaryPrimitives.ReadInt32BigEndian(made[50..]);
        Span<byte> mine = stackalloc byte[LongestCircumstances];
        if (!circumstances.SequenceEqual(mine[..Circumstances(question, mine)]))
            return null;

        var (outcome, said) = ((ConsultationOutcome)made[40], (RegimeOutcome)made[41]);
        var age = BinaryPrimitives.ReadUInt16BigEndian(made[46..]);
        ReadOnlySpan<Insert> inserts =
        [
            new(BinaryPrimitives.ReadUInt16BigEndian(made[42..]), Formatted(question.Id, "D")),
            new(BinaryPrimitives.ReadUInt16BigEndian(made[44..]), Formatted(now, "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz")),
            new(age, age == 0 ? [] : Formatted(Math.Max(0, (long)(now - obtained).TotalSeconds), default)),
        ];
        if (age == 0)
            inserts = inserts[..2];
        made = made[(Header + circumstances.Length)..];
        var caller = question.Caller;
        var fact = new ConsultationFact(
            question.Id, now, caller.Establishment.Value, caller.Group, caller.Department.Code, caller.Unit, caller.Function, question.Reason.Id,
            outcome, said == RegimeOutcome.Found ? regime.Id.Value : "", Freshness.Cached, (int)Stopwatch.GetElapsedTime(question.Started).TotalMilliseconds,
            [new RegimeFact(regime.Id.Value, said, 0)]);
        return new PreparedAnswer(fact, Insert.All(made[..text], inserts), sealedAnswer.Seal(question.Id, made[text..], inserts));
    }

    private const int LongestCircumstances = 256;

    /// <summary>
    /// All that an answer depends on beside the reply, the registry and the rules; a list's references are of one establishment. Days and
    /// codes: nothing personal.
    /// </summary>
    private static int Circumstances(Question question, Span<byte> into) =>
        Utf8.TryWrite(
            into, CultureInfo.InvariantCulture, $"{question.Today.DayNumber}|{question.CareDate.DayNumber}|{question.Prescription?.DayNumber}|{question.CareKind?.Id}|{question.Nature?.Code}|{question.Reason.Id}|{question.Caller.Establishment.Value}|{(question.IsPicked ? 1 : 0)}", out var length)
            ? length
            : throw new InvalidOperationException("Longer circumstances than there can be.");

    private static byte[] Formatted<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        Span<byte> bytes = stackalloc byte[48];
        return value.TryFormat(bytes, out var length, format, CultureInfo.InvariantCulture) ? bytes[..length].ToArray() : throw new InvalidOperationException("A longer insert than there can be.");
    }

    /// <summary>Where the three inserts are, and how long they are here.</summary>
    private static ((int Place, int Length) Id, (int Place, int Length) At, (int Place, int Length) Age) Places(ReadOnlySpan<byte> body)
    {
        (int, int) id = default, at = default, age = default;
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
                continue;
            var wanted = json.CurrentDepth == 1 && json.ValueTextEquals("id"u8) ? 1 : json.CurrentDepth == 1 && json.ValueTextEquals("answeredAt"u8) ? 2 : json.ValueTextEquals("ageSeconds"u8) ? 3 : 0;
            if (wanted == 0)
                continue;
            json.Read();
            // Of a text, what is between its quotes.
            var found = ((int)json.TokenStartIndex + (json.TokenType == JsonTokenType.String ? 1 : 0), json.ValueSpan.Length);
            (id, at, age) = wanted switch { 1 => (found, at, age), 2 => (id, found, age), _ => (id, at, found) };
        }

        return (id, at, age);
    }

    private static IEnumerable<string> Builds() =>
        new[] { typeof(PreparedAnswers), typeof(ConsultationAnswer), typeof(Domain.Nir) }.Select(type => type.Module.ModuleVersionId.ToString("N"));
}
