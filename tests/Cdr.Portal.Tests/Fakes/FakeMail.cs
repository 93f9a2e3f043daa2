using Cdr.Contracts.Support;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Preferences and searches, as small as the pages need.</summary>
public sealed class FakeMail
{
    public MailPreferences Mine { get; set; } = new(true, null, null, MailWhen.AtOnce, MailWhen.Digest, MailWhen.AtOnce, 8);

    public string Code { get; set; } = "12345678";

    /// <summary>Nothing can be said now.</summary>
    public bool Down { get; set; }

    public List<string> Searched { get; } = [];

    internal void Map(WebApplication app)
    {
        app.MapGet("/api/support/mail", () => Down ? Results.Problem(statusCode: 503, title: "Pas maintenant.") : Results.Ok(Mine));
        app.MapPut("/api/support/mail", (MailChoice choice) => Mine = Mine with { Words = choice.Words, Progress = choice.Progress, Clocks = choice.Clocks, DigestHour = choice.DigestHour, News = choice.News });
        app.MapPut("/api/support/mail/address", (MailAddress address) => Mine = Mine with { Unconfirmed = address.Address });
        app.MapPost("/api/support/mail/address/confirmation", (MailCode code) => code.Code == Code
            ? Results.Ok(Mine = Mine with { Address = Mine.Unconfirmed, Unconfirmed = null })
            : Results.Problem(statusCode: 400, title: "Ce n'est pas le code qui a été envoyé.", extensions: new Dictionary<string, object?> { ["code"] = "code-wrong" }));
        app.MapDelete("/api/support/mail/address", () => Mine = Mine with { Address = null, Unconfirmed = null });
        app.MapPost("/api/support/searches", (TicketWordSearch search) =>
        {
            Searched.Add(search.Words);
            var one = FakeSupport.Sample(TicketState.New);
            return new TicketPage(
                search.Words == "rien" ? [] : [new TicketLine(one.Id, one.Number, one.Kind, one.State, one.Priority, one.WaitsFor, one.Title, one.Establishment, "59", null, null, null, Samples.Now, Samples.Now, null, 1)], null);
        });
    }
}
