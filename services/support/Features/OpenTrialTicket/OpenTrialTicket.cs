using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.OpenTrialTicket;

/// <summary>
/// A post on which the installation package did not work becomes a technical ticket of its establishment, sent already: nobody there may have
/// a card that works. The trial's id is the ticket's, so that it is opened once however often it is told; and not again once it was erased.
/// </summary>
internal sealed partial class OpenTrialTicket(IDbContextFactory<SupportDb> contexts, TicketWriting writing, TicketText text, TimeProvider clock, ILogger<OpenTrialTicket> log) : IConsumer<TrialFailed>
{
    /// <summary>Role and subject of its first entry: nobody signed in.</summary>
    public const string Package = "package";

    public async Task Consume(ConsumeContext<TrialFailed> context)
    {
        var (failed, cancellationToken) = (context.Message, context.CancellationToken);
        if (!Finess.Parse(failed.Establishment).TryGet(out var establishment, out _))
        {
            Log.NoEstablishment(log, failed.Trial);
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Tickets.AnyAsync(row => row.Id == failed.Trial, cancellationToken) || await db.Erasures.AnyAsync(row => row.Ticket == failed.Trial, cancellationToken))
            return;
        var now = clock.GetUtcNow();
        var ticket = new TicketRow
        {
            Id = failed.Trial,
            Number = TicketNumber.Make(),
            Kind = TicketKind.Technical,
            State = TicketState.New,
            // One post, on which nobody works yet.
            Impact = TicketImpact.One,
            Urgency = TicketUrgency.Normal,
            Priority = TicketMachine.Priority(TicketImpact.One, TicketUrgency.Normal),
            Establishment = establishment.Value,
            Group = await EstablishmentGroups.ReadAsync(db, establishment.Value, cancellationToken),
            Department = establishment.Department.Code,
            Author = Package,
            Title = text.SealTitle(failed.Trial, Cut(failed.Title, TicketProblems.MostTitle)),
            CreatedAt = now,
            UpdatedAt = now,
            Version = 0,
        };
        // Told at the same moment to another replica, or another ticket has that number: refused by a key, retried, and then found or made.
        await writing.AddAsync(db, ticket, Cut(failed.Text, TicketProblems.MostWords), new Actor(Package, Package, establishment.Value, "", ticket.Department, ""), cancellationToken);
        Log.Opened(log, ticket.Id);
    }

    private static string Cut(string words, int most) => words.Length <= most ? words : words[..most];

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Ticket {Ticket} is opened for the failed trial of that id.")]
        public static partial void Opened(ILogger logger, Guid ticket);

        [LoggerMessage(2, LogLevel.Error, "Failed trial {Trial} names no establishment: no ticket is opened for it.")]
        public static partial void NoEstablishment(ILogger logger, Guid trial);
    }
}

internal sealed class OpenTrialTicketDefinition : ConsumerDefinition<OpenTrialTicket>
{
    public OpenTrialTicketDefinition() => EndpointName = "support-open-trial-ticket";
}
