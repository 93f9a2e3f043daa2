using System.Text.Json;
using Cdr.Rights.Inquiry;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Tool;

/// <summary>Whether the rules that an answer names still draw it from what is sealed beside it. Neither the answer nor where it differs is said: both are a person's.</summary>
internal static class DerivingAgain
{
    /// <returns>0: the same bytes, or nothing was derived; 1: other bytes; 2: it cannot be derived.</returns>
    /// <exception cref="InvalidDataException">It does not open, or its rules are not known here.</exception>
    public static async Task<int> RunAsync(JournalToolStore store, Guid consultation, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        await using var db = store.Open();
        var record = await db.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Id == consultation && r.Kind == RecordKind.Answered, cancellationToken);
        if (record?.Payload is not { } payload)
        {
            await errors.WriteLineAsync("No answer has this id. It may be past its time: « journal verify » names the purges.");
            return 2;
        }

        var (body, evidence) = new SealedAnswer(new Sealer(store.Keys)).Open(record.Id, payload);
        if (evidence is not null)
        {
            var isSame = Evidence.DeriveAgain(body, evidence).AsSpan().SequenceEqual(body);
            await output.WriteLineAsync(isSame
                ? $"Identical: rules {record.RulesVersion} draw the same bytes again."
                : $"Different: rules {record.RulesVersion} of this program do not say what was answered. They were edited under their number, or the record was: verify the journal.");
            return isSame ? 0 : 1;
        }

        if (JsonSerializer.Deserialize(body, RightsJson.Wire.ConsultationAnswer)!.Affiliations.Count > 0)
        {
            await errors.WriteLineAsync("This answer was written before what it was derived from was kept beside it.");
            return 2;
        }

        await output.WriteLineAsync("Nothing was derived: no regime gave rights.");
        return 0;
    }
}
