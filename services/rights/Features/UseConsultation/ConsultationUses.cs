using System.Diagnostics;
using System.Globalization;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Stores;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Features.UseConsultation;

/// <summary>Notes that an answer serves as a proof: it is then kept as long as one.</summary>
internal sealed class ConsultationUses(
    IDbContextFactory<RightsDb> contexts, JournalWriter journal, [FromKeyedServices(RightsModule.Name)] Pseudonyms keys, IOptions<RetentionOptions> retention, TimeProvider clock)
{
    private const string Purpose = "use";

    /// <summary>Null once it is noted; else why it cannot be.</summary>
    public async Task<ProblemHttpResult?> NoteAsync(Guid id, string use, Caller? caller, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var answered = await db.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken);
        if (caller is null || answered is not { Kind: RecordKind.Answered } || answered.Establishment != caller.Establishment.Value)
            return Problems.Problem(StatusCodes.Status404NotFound, "consultation-not-found", "Cette consultation n'existe pas dans votre établissement.", "Vérifiez l'identifiant.");
        var now = clock.GetUtcNow();
        var last = await db.Records.Where(r => r.Consultation == id && r.Kind == RecordKind.Used).MaxAsync(r => (DateTimeOffset?)r.At, cancellationToken);
        // Past its time by either clock: the purge may be taking it at this moment.
        if (last is { } since ? since < retention.Value.ProofsUntil(now) : answered.At < retention.Value.TracesUntil(now))
            return Problems.Problem(StatusCodes.Status410Gone, "consultation-expired", "Cette consultation a dépassé sa durée de conservation.", "Elle ne peut plus servir de preuve : consultez à nouveau les droits, et rattachez la nouvelle consultation.");
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var noted = db.Records.Where(r => r.Consultation == id && r.Kind == RecordKind.Used && r.Regimes == use && r.At >= day);
        if (!await noted.AnyAsync(cancellationToken))
            await AppendAsync(db, IdOf(id, use, day), one => Used(one, answered, caller, use, now), cancellationToken);
        return null;
    }

    private async Task AppendAsync(RightsDb db, Guid id, Func<Guid, JournalRecord> make, CancellationToken cancellationToken)
    {
        while (true)
        {
            var used = make(id);
            try
            {
                await journal.AppendAsync(used);
                return;
            }
            catch (RecordExistsException)
            {
                var there = await db.Records.Where(r => r.Id == id).Select(r => new { r.Kind, r.Consultation }).FirstOrDefaultAsync(cancellationToken);
                if (there is { Kind: RecordKind.Used } && there.Consultation == used.Consultation)
                    return;
                // Any other record does not stand for a use. None yet: the same one, in the commit that is under way, and known after it.
                if (there is not null)
                    id = Guid.CreateVersion7(used.At);
            }
        }
    }

    /// <summary>
    /// The same all day (UTC): a use is noted once a day at most, by the store's own key. Under the service's key, since a caller chooses the
    /// id of their question: they could take this one first.
    /// </summary>
    private Guid IdOf(Guid consultation, string use, DateTimeOffset day)
    {
        var bytes = keys.Of(Purpose, SubjectText.Parts(consultation.ToString("N"), use, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))).AsSpan(0, 16);
        Guid.CreateVersion7(day).ToByteArray(bigEndian: true).AsSpan(0, 6).CopyTo(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x70);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The record that keeps an answer longer.</summary>
    private static JournalRecord Used(Guid id, JournalRecord answered, Caller caller, string use, DateTimeOffset now) => new()
    {
        Id = id,
        Consultation = answered.Consultation,
        Kind = RecordKind.Used,
        At = now,
        Subject = caller.Subject,
        Session = caller.Session,
        Role = caller.Role,
        Establishment = caller.Establishment.Value,
        Group = caller.Group,
        Department = caller.Department.Code,
        Unit = caller.Unit,
        Function = caller.Function,
        Reason = answered.Reason,
        CareDate = answered.CareDate,
        Regime = answered.Regime,
        Regimes = use,
        PseudonymKey = answered.PseudonymKey,
        Pseudonym = answered.Pseudonym,
        PatientPseudonym = answered.PatientPseudonym,
        Request = answered.Request,
        RulesVersion = answered.RulesVersion,
        TraceId = Activity.Current?.TraceId.ToString() ?? "",
    };
}
