using Cdr.Support.Tests.Doubles;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Support.Tests.Features;

public sealed class StartTests
{
    [Theory]
    [InlineData("Data:Folder", null, "Data:Folder")]
    [InlineData("Services:Rights", null, "Services:Rights")]
    [InlineData("ConnectionStrings:Support", "Host=127.0.0.1", "Keys:Support:File")]
    [InlineData("Support:HotlineHours", "8h30 à 17h30", nameof(SupportOptions.HotlineHours))]
    [InlineData("Support:HotlinePlace", "20", nameof(SupportOptions.HotlinePlace))]
    [InlineData("Support:WarnPercent", "100", nameof(SupportOptions.WarnPercent))]
    [InlineData("Support:FirstAnswer", "00:00:00", nameof(SupportOptions.FirstAnswer))]
    [InlineData("Support:Resolution", "00:00:00", nameof(SupportOptions.Resolution))]
    [InlineData("Support:OrganismAnswer", "00:00:00", nameof(SupportOptions.OrganismAnswer))]
    [InlineData("Support:WatchEvery", "00:00:00", nameof(SupportOptions.WatchEvery))]
    [InlineData("Support:MalwareScanner", "nowhere", nameof(SupportOptions.MalwareScanner))]
    [InlineData("Support:Retention:AnswerMonths", "43", "AnswerMonths")]
    [InlineData("Support:Retention:AnswerMonths", "5", "AnswerMonths")]
    [InlineData("Support:Retention:TicketMonths", "5", "TicketMonths")]
    [InlineData("Support:Retention:DraftMonths", "5", "DraftMonths")]
    [InlineData("Support:Retention:TraceMonths", "5", "TraceMonths")]
    [InlineData("Support:Upkeep:At", "1.00:00:00", "At")]
    [InlineData("Support:TellEvery", "00:00:00", nameof(SupportOptions.TellEvery))]
    [InlineData("Support:Mail:Host", "smtp.example", "Support:Mail:Portal")]
    [InlineData("Support:Mail:PickupFolder", "mail", "Support:Mail:Portal")]
    [InlineData("Support:Mail:Port", "0", "Port")]
    [InlineData("Support:Mail:SendEvery", "00:00:00", "SendEvery")]
    [InlineData("Support:Webhooks:TellEvery", "00:00:00", "TellEvery")]
    [InlineData("Support:Mail:Inbox:Address", "reponses@cdr.example", "no e-mail is sent")]
    [InlineData("Support:Mail:Inbox:Address", "reponses+x@cdr.example", "Support:Mail:Inbox:Address")]
    [InlineData("Support:Mail:Inbox:Every", "00:00:00", "Every")]
    public async Task It_does_not_start_without_its_configuration_and_says_what_is_wrong(string name, string? value, string named)
    {
        await using var host = new SupportHost(new FakeTimeProvider(), new("Services:Rights", "http://rights"), new("Services:Sessions", "http://sessions"), new(name, value));

        var error = Record.Exception(() => host.CreateClient());

        Assert.True(error is InvalidOperationException or OptionsValidationException, error?.ToString());
        Assert.Contains(named, error!.Message, StringComparison.Ordinal);
    }
}
