using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.Rights.Cache;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Regimes;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.ForgetCorrected;

/// <summary>
/// An organism corrected the file that a consultation showed: what is kept of the person is forgotten. The message names the consultation
/// alone; whom it showed is read here, and told to nobody. Heard twice, it forgets twice.
/// </summary>
internal sealed partial class ForgetCorrected(IDbContextFactory<RightsDb> contexts, SealedAnswer sealedAnswer, RegimeRegistry registry, ReplyCache cache, ILogger<ForgetCorrected> log) : IConsumer<FileCorrected>
{
    public async Task Consume(ConsumeContext<FileCorrected> context)
    {
        var corrected = context.Message;
        await using var db = await contexts.CreateDbContextAsync(context.CancellationToken);
        var record = await db.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Id == corrected.Consultation && r.Kind == RecordKind.Answered, context.CancellationToken);
        if (record?.Payload is not { } payload || !RegimeId.Parse(corrected.Regime).TryGet(out var name, out _) || registry.Find(name) is not { } regime)
        {
            Log.Unknown(log, corrected.Consultation, corrected.Ticket);
            return;
        }

        var answer = JsonSerializer.Deserialize(sealedAnswer.Open(record.Id, payload).Body, RightsJson.Wire.ConsultationAnswer)!;
        List<Nir> persons = [];
        foreach (var text in answer.Affiliations.Where(one => one.Source.Regime == regime.Id.Value).SelectMany(one => new[] { one.Insured.Nir, one.Beneficiary.Nir }).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (Nir.Parse(text).TryGet(out var nir, out _))
                persons.Add(nir);
        }

        if (persons.Count == 0)
        {
            // Nothing is found without a number, and the journal keeps none of what was asked: who asks again has it asked afresh.
            Log.NobodyShown(log, corrected.Consultation, regime.Id.Value, corrected.Ticket);
            return;
        }

        var forgotten = await cache.ForgetAsync(regime, persons, context.CancellationToken);
        Log.Forgotten(log, corrected.Consultation, regime.Id.Value, forgotten);
    }

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Warning, "Consultation {Consultation} showed no file of {Regime}: nothing can be forgotten of what ticket {Ticket} says was corrected, until it is asked again.")]
        public static partial void NobodyShown(ILogger logger, Guid consultation, string regime, Guid ticket);

        [LoggerMessage(1, LogLevel.Information, "The file behind consultation {Consultation} was corrected by {Regime}: {Replies} kept replies forgotten.")]
        public static partial void Forgotten(ILogger logger, Guid consultation, string regime, int replies);

        [LoggerMessage(2, LogLevel.Warning, "Nothing is known of consultation {Consultation}, which ticket {Ticket} says was corrected.")]
        public static partial void Unknown(ILogger logger, Guid consultation, Guid ticket);
    }
}

internal sealed class ForgetCorrectedDefinition : ConsumerDefinition<ForgetCorrected>
{
    public ForgetCorrectedDefinition() => EndpointName = "rights-forget-corrected";
}
