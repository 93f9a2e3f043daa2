using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Mail;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Features.ChooseMail;

/// <summary>Where somebody reads, proven by a code that was sent there, and what they want to read. It is theirs alone.</summary>
internal sealed class ChooseMail(SupportDb db, MailBook book, MailBell bell, IOptions<MailOptions> options, TimeProvider clock)
{
    // Whoever types another's address sends them this many messages and no more.
    private const int MostCodes = 5;
    private const int MostTries = 5;
    private static readonly TimeSpan CodeLives = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan AddressLives = TimeSpan.FromDays(180);

    public async Task<MailPreferences> ReadAsync(Actor actor, CancellationToken cancellationToken) => Of(await RowAsync(actor, cancellationToken));

    public async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> ChooseAsync(MailChoice choice, Actor actor, CancellationToken cancellationToken)
    {
        if (choice.DigestHour is < 0 or > 23)
            return Problems.Invalid("digestHour", "hour-invalid", "L'heure du résumé va de 0 à 23.");
        var row = await RowAsync(actor, cancellationToken);
        (row.Words, row.Progress, row.Clocks, row.News, row.DigestHour, row.Place) = (choice.Words, choice.Progress, choice.Clocks, choice.News, choice.DigestHour, actor.Department);
        As(row, actor);
        return await SaveAsync(row, cancellationToken);
    }

    public async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> GiveAsync(MailAddress given, Actor actor, CancellationToken cancellationToken)
    {
        if (!options.Value.IsOn)
            return Problems.Problem(StatusCodes.Status409Conflict, "mail-off", "Cette installation n'envoie pas de courriels.", "La cloche du portail dit tout ce qui vous concerne.");
        if (AddressText.Read(given.Address) is not { } address)
            return Problems.Invalid("address", "address-invalid", "Ce n'est pas une adresse de courriel.", "Écrivez-la comme prenom.nom@etablissement.fr.");
        var row = await RowAsync(actor, cancellationToken);
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (row.CodesOn == today && row.Codes >= MostCodes)
            return Problems.Problem(StatusCodes.Status429TooManyRequests, "codes-exhausted", "Trop de codes ont été envoyés aujourd'hui.", "Réessayez demain, ou entrez le dernier code reçu.");
        var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        (row.Codes, row.CodesOn) = (row.CodesOn == today ? row.Codes + 1 : 1, today);
        (row.Unconfirmed, row.Code, row.CodeUntil, row.CodeTries) = (book.Seal(row.Subject, address), book.SealCode(row.Subject, code), now + CodeLives, 0);
        row.Place = actor.Department;
        As(row, actor);
        var id = Guid.CreateVersion7(now);
        db.Mails.Add(new MailRow { Id = id, Message = id, Recipient = row.Subject, Event = MailRow.CodeEvent, At = now, DueAt = now });
        var saved = await SaveAsync(row, cancellationToken);
        bell.Ring();
        return saved;
    }

    public async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> ConfirmAsync(MailCode given, Actor actor, CancellationToken cancellationToken)
    {
        var row = await RowAsync(actor, cancellationToken);
        if (row.Unconfirmed is null || book.OpenCode(row.Subject, row.Code) is not { } code || row.CodeUntil < clock.GetUtcNow() || row.CodeTries >= MostTries)
            return Problems.Problem(StatusCodes.Status409Conflict, "code-over", "Ce code n'est plus valable.", "Redonnez votre adresse : un autre code y sera envoyé.");
        var typed = string.Concat((given.Code ?? "").Where(char.IsAsciiDigit));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(typed), Encoding.ASCII.GetBytes(code)))
        {
            row.CodeTries++;
            return await SaveAsync(row, cancellationToken) is { Result: ProblemHttpResult changed }
                ? changed
                : Problems.Invalid("code", "code-wrong", "Ce n'est pas le code qui a été envoyé.", "Prenez celui du dernier message : huit chiffres.");
        }

        As(row, actor);
        // Sealed for the person and not for the state: it is the same bytes.
        (row.Address, row.Until, row.Unconfirmed, row.Code, row.CodeUntil) = (row.Unconfirmed, clock.GetUtcNow() + AddressLives, null, null, null);
        return await SaveAsync(row, cancellationToken);
    }

    public async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> ForgetAsync(Actor actor, CancellationToken cancellationToken)
    {
        var row = await RowAsync(actor, cancellationToken);
        (row.Address, row.Until, row.Unconfirmed, row.Code, row.CodeUntil) = (null, null, null, null, null);
        return await SaveAsync(row, cancellationToken);
    }

    /// <summary>False: not a token of ours. A row that is gone wants nothing already.</summary>
    public async Task<bool> LeaveAsync(string token, CancellationToken cancellationToken)
    {
        if (book.ReadLeavingToken(token) is not { } id)
            return false;
        await db.MailAddresses.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Words, MailWhen.Never).SetProperty(row => row.Progress, MailWhen.Never).SetProperty(row => row.Clocks, MailWhen.Never)
                .SetProperty(row => row.News, MailWhen.Never).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);
        return true;
    }

    private async Task<MailAddressRow> RowAsync(Actor actor, CancellationToken cancellationToken) =>
        await db.MailAddresses.FirstOrDefaultAsync(row => row.Subject == actor.Subject, cancellationToken)
        ?? new MailAddressRow { Subject = actor.Subject, Id = new Guid(RandomNumberGenerator.GetBytes(16)), Place = actor.Department };

    private async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> SaveAsync(MailAddressRow row, CancellationToken cancellationToken)
    {
        if (db.Entry(row).State == EntityState.Detached)
            db.MailAddresses.Add(row);
        row.Version++;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return TypedResults.Ok(Of(row));
        }
        catch (DbUpdateException)
        {
            return Problems.Problem(StatusCodes.Status409Conflict, "preferences-changed", "Vos réglages viennent de changer dans une autre page.", "Relisez-les, puis recommencez.");
        }
    }

    private static void As(MailAddressRow row, Actor actor) => (row.Role, row.Establishment, row.Group) = (actor.Role, actor.Establishment, actor.Group);

    private MailPreferences Of(MailAddressRow row) =>
        new(
            options.Value.IsOn, row.Until <= clock.GetUtcNow() ? null : book.Open(row.Subject, row.Address), book.Open(row.Subject, row.Unconfirmed), row.Words, row.Progress, row.Clocks, row.DigestHour,
            row.Until > clock.GetUtcNow() ? row.Until : null, row.News);
}

internal static class ChooseMailEndpoints
{
    public static void MapChooseMail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/mail", ReadAsync).RequireAuthorization(SupportPolicies.Read).WithName("readMailPreferences").WithSummary("Which e-mail the caller gets, and where.").ProducesProblem(403);
        routes.MapPut("/api/support/mail", ChooseAsync).RequireAuthorization(SupportPolicies.Read).WithName("chooseMail").WithSummary("Chooses: at once, together once a working day, or never; by what happened.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);
        routes.MapPut("/api/support/mail/address", GiveAsync).RequireAuthorization(SupportPolicies.Read).WithName("giveMailAddress").WithSummary("Gives an address; a code is sent to it.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(429);
        routes.MapPost("/api/support/mail/address/confirmation", ConfirmAsync).RequireAuthorization(SupportPolicies.Read).WithName("confirmMailAddress").WithSummary("Confirms it with that code.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);
        routes.MapDelete("/api/support/mail/address", ForgetAsync).RequireAuthorization(SupportPolicies.Read).WithName("forgetMailAddress").WithSummary("Forgets the address.").ProducesProblem(403).ProducesProblem(409);
        // RFC 8058: the reader's mail program says it, without a session. What is looked at by a scanner changes nothing.
        routes.MapPost("/api/support/mail/unsubscriptions/{token}", LeaveAsync).AllowAnonymous().WithName("leaveMail").WithSummary("One click in a message: no more of them.").ProducesProblem(404);
        routes.MapGet("/api/support/mail/unsubscriptions/{token}", (string token, IOptions<MailOptions> options) => TypedResults.Redirect((options.Value.Portal ?? "").TrimEnd('/') + "/avis/courriel")).AllowAnonymous().ExcludeFromDescription();
    }

    internal static async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> ReadAsync(ClaimsPrincipal user, HttpContext http, ChooseMail mail, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Actor.From(user) is { } actor ? TypedResults.Ok(await mail.ReadAsync(actor, cancellationToken)) : TicketProblems.NoScope();
    }

    internal static async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> ChooseAsync(MailChoice choice, ClaimsPrincipal user, ChooseMail mail, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor ? await mail.ChooseAsync(choice, actor, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> GiveAsync(MailAddress address, ClaimsPrincipal user, ChooseMail mail, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor ? await mail.GiveAsync(address, actor, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> ConfirmAsync(MailCode code, ClaimsPrincipal user, ChooseMail mail, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor ? await mail.ConfirmAsync(code, actor, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<MailPreferences>, ProblemHttpResult>> ForgetAsync(ClaimsPrincipal user, ChooseMail mail, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor ? await mail.ForgetAsync(actor, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<NoContent, ProblemHttpResult>> LeaveAsync(string token, ChooseMail mail, CancellationToken cancellationToken) =>
        await mail.LeaveAsync(token, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.Problem(StatusCodes.Status404NotFound, "unsubscription-unknown", "Ce lien n'est pas d'un de nos messages.", "Vos réglages sont dans le portail : Mes notifications.");
}
