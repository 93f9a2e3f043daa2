using System.Net;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Mail;
using Cdr.Support.Store;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Cdr.Support.Tests.Mail;

public sealed class MailAddressTests : MailTestsOfHost
{
    private const string Address = "claire.dubois@chu.example";

    [Fact]
    public async Task Nothing_is_sent_to_an_address_before_its_code_came_back()
    {
        var mine = Mine(CdrRoles.Referent, "referent-1");
        var given = await mine.GiveAddressAsync(new MailAddress(Address), Cancel);
        Assert.Null(given.Address);
        Assert.Equal(Address, given.Unconfirmed);
        var code = CodeIn(await TakenAsync(Address));
        var wrong = code[^1] == '0' ? code[..^1] + "1" : code[..^1] + "0";
        Assert.Equal("code-wrong", await RefusedAsync(() => mine.ConfirmAsync(new MailCode(wrong), Cancel), HttpStatusCode.BadRequest));
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Un ?");
        await TakenAsync(Team);
        Assert.DoesNotContain(await RowsAsync(), row => row.Recipient == "referent-1" && row.Event != MailRow.CodeEvent);

        Assert.Equal(Address, (await mine.ConfirmAsync(new MailCode(code), Cancel)).Address);
        Assert.Equal("code-over", await RefusedAsync(() => mine.ConfirmAsync(new MailCode(code), Cancel), HttpStatusCode.Conflict));
        Assert.Null((await Mine(CdrRoles.Referent, "referent-2").PreferencesAsync(Cancel)).Address);
    }

    [Fact]
    public async Task A_code_is_tried_five_times_for_half_an_hour_and_five_are_sent_a_day()
    {
        var mine = Mine(CdrRoles.Clerk, "clerk-1");
        await mine.GiveAddressAsync(new MailAddress(Address), Cancel);
        var code = CodeIn(await TakenAsync(Address));
        var wrong = code[^1] == '0' ? code[..^1] + "1" : code[..^1] + "0";
        for (var tried = 0; tried < 5; tried++)
            await RefusedAsync(() => mine.ConfirmAsync(new MailCode(wrong), Cancel), HttpStatusCode.BadRequest);
        Assert.Equal("code-over", await RefusedAsync(() => mine.ConfirmAsync(new MailCode(code), Cancel), HttpStatusCode.Conflict));

        await mine.GiveAddressAsync(new MailAddress(Address), Cancel);
        var second = CodeIn(await TakenAsync(Address, 2));
        Clock.Advance(TimeSpan.FromMinutes(31));
        // The token of before is too old as well.
        mine = Mine(CdrRoles.Clerk, "clerk-1");
        Assert.Equal("code-over", await RefusedAsync(() => mine.ConfirmAsync(new MailCode(second), Cancel), HttpStatusCode.Conflict));

        for (var sent = 2; sent < 5; sent++)
            await mine.GiveAddressAsync(new MailAddress(Address), Cancel);
        Assert.Equal("codes-exhausted", await RefusedAsync(() => mine.GiveAddressAsync(new MailAddress(Address), Cancel), HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [InlineData("")]
    [InlineData("claire")]
    [InlineData("claire@chu")]
    [InlineData("claire@chu.example, autre@chu.example")]
    [InlineData("Claire <claire@chu.example>")]
    [InlineData("claire@chu.example\r\nBcc: autre@chu.example")]
    public async Task What_is_no_address_is_refused_without_repeating_it(string typed)
    {
        var refused = await Assert.ThrowsAnyAsync<ApiException>(() => Mine(CdrRoles.Clerk, "clerk-1").GiveAddressAsync(new MailAddress(typed), Cancel));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("address-invalid", refused.Content, StringComparison.Ordinal);
        Assert.True(typed.Length == 0 || !refused.Content!.Contains(typed, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_is_good_for_half_a_year()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        Pass(TimeSpan.FromDays(181));
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Un ?");
        await TakenAsync(Team);
        await MoveAsync(Referent, ticket, TicketAction.Reply, "Deux.");
        await TakenAsync(Team, 2);

        Assert.Null((await Mine(CdrRoles.Referent, "referent-1").PreferencesAsync(Cancel)).Address);
        Assert.Single(To(Address));
    }

    [Fact]
    public async Task An_hour_that_is_none_is_refused() =>
        Assert.Equal("hour-invalid", await RefusedAsync(() => Mine(CdrRoles.Clerk, "clerk-1").ChooseAsync(new MailChoice(MailWhen.Digest, MailWhen.Digest, MailWhen.Never, 24), Cancel), HttpStatusCode.BadRequest));

    [Fact]
    public async Task Who_forgets_their_address_is_sent_nothing_that_was_owed_already()
    {
        var mine = await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        await mine.ChooseAsync(new MailChoice(MailWhen.Digest, MailWhen.Digest, MailWhen.Digest, 9), Cancel);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Un ?");
        await OwedAsync("referent-1", 1);
        await ByHandAsync();
        await mine.ForgetAsync(Cancel);
        Pass(TimeSpan.FromDays(4));
        await Sender.RunOnceAsync(Cancel);

        Assert.Single(To(Address));
        Assert.Contains(await RowsAsync(), row => row is { Recipient: "referent-1", Fault: "unwanted", DueAt: null });
    }

    [Fact]
    public async Task No_address_and_no_code_stands_in_the_store_in_clear()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        var mine = Mine(CdrRoles.Referent, "referent-1");
        await mine.GiveAddressAsync(new MailAddress("autre.adresse@chu.example"), Cancel);
        var code = CodeIn(await TakenAsync("autre.adresse@chu.example")).Replace(" ", "", StringComparison.Ordinal);
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        var file = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        using var bytes = new MemoryStream();
        foreach (var part in new[] { file, file + "-wal" }.Where(File.Exists))
        {
            await using var open = new FileStream(part, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await open.CopyToAsync(bytes, Cancel);
        }

        var text = Encoding.Latin1.GetString(bytes.ToArray());

        Assert.Contains("referent-1", text, StringComparison.Ordinal);
        foreach (var secret in new[] { "claire", "dubois", "autre.adresse", code })
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
    }
}
