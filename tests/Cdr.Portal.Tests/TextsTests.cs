using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Contracts.Usage;
using Cdr.Domain;
using Cdr.Portal.Identity;
using Cdr.Portal.Resources;

namespace Cdr.Portal.Tests;

public sealed partial class TextsTests
{
    private static readonly ResourceManager Manager = new(typeof(Texts).FullName!, typeof(Texts).Assembly);

    private static Dictionary<string, string> Of(CultureInfo culture) =>
        Manager.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!.Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    private static Dictionary<string, string> French => Of(CultureInfo.InvariantCulture);

    [Fact]
    public void Every_French_text_has_its_English()
    {
        var english = Of(CultureInfo.GetCultureInfo("en"));
        Assert.Equal(French.Keys.Order(), english.Keys.Order());
        Assert.All(French, text => Assert.Equal(Places().Count(text.Value), Places().Count(english[text.Key])));
    }

    [Fact]
    public void Every_text_that_a_page_asks_for_exists()
    {
        var sources = Directory.EnumerateFiles(PortalFolder(), "*.razor", SearchOption.AllDirectories);
        var asked = sources.SelectMany(file => Asked().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Where(key => !key.EndsWith('-')).ToHashSet();
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(French.Keys));
    }

    [Fact]
    public void Every_value_of_a_closed_set_has_its_word()
    {
        string[] keys =
        [
            .. CdrRoles.All.Append("package").Select(role => "Role-" + role),
            .. ConsultationReason.All.Select(reason => "Reason-" + reason.Id),
            .. CareKind.All.Select(kind => "CareKind-" + kind.Id),
            .. Names<RegimeOutcome>("Tile-"), .. Names<ConsultationOutcome>("Outcome-"), .. Names<RightState>("State-"), .. Names<Freshness>("Freshness-"),
            .. new[] { "role-assigned", "role-changed", "role-withdrawn", "software-registered", "software-changed", "software-withdrawn", "software-scope-withdrawn" }.Select(act => "Act-" + act),
            .. EstablishmentTypes.All.Select(type => "EstablishmentType-" + type),
            .. new[] { "windows", "citrix-tse", "macos", "linux" }.Select(folder => "PackageFolder-" + folder),
            .. ReaderStates.All.Select(state => "ReaderState-" + state),
            .. TrialFunctions.All.Select(function => "TrialFunction-" + function),
            .. TrialChecks.All.Select(check => "TrialCheck-" + check),
            .. new[] { "passed", "failed" }.Select(outcome => "TrialOutcome-" + outcome),
            .. new[] { "accepted", "warned", "refused" }.Select(outcome => "Post-" + outcome),
            .. new[] { "card", "grant" }.Select(origin => "Origin-" + origin),
            .. new[] { "up", "degraded", "down", "closed" }.Select(health => "Health-" + health),
            .. SessionEndings.Known.Select(reason => "End-" + reason),
            .. new[] { "Agent", "Unread", "Pin", "Blocked", "Lost" }.SelectMany(trouble => new[] { $"Help{trouble}Title", $"Help{trouble}Text" }),
            .. Names<BatchState>("BatchState-"), .. Names<BatchLineState>("BatchLine-"), .. Batches.BatchColumns.All.Select(column => column.Word),
            .. new[] { "BatchFileType", "BatchFileTooLarge", "BatchFileEmpty", "BatchFileUnreadable", "BatchFileMissing" },
            .. Figures.FigureQuery.Dimensions.Select(by => "By-" + by), .. Names<Freshness>("Source-"), .. Names<TargetKind>("Targets-"),
            .. new[] { "availability", "latency", "complete", "cache" }.Select(one => "Objective-" + one), .. new[] { "hour", "consultation" }.Select(unit => "ObjectiveUnit-" + unit),
            .. new[] { "none", "ticket", "page" }.Select(alert => "ObjectiveAlert-" + alert), .. new[] { "5m", "30m", "1h", "6h", "3d" }.Select(window => "ObjectiveWindow-" + window),
            .. FishingLift.Reasons.Select(reason => "FishingReason-" + reason),
            .. AccessPurposes.All.Select(purpose => "AccessPurpose-" + purpose), .. new[] { "asked", "shown", "answered", "read", "used", "traced", "proved", "other" }.Select(act => "AccessAct-" + act),
            .. new[] { "card", "files", "establishment", "establishment-files" }.Select(scope => "FishingScope-" + scope), .. new[] { "told", "slowed", "stopped" }.Select(level => "FishingLevel-" + level),
            .. new[] { "too-many", "sequence", "name-list", "alphabet", "not-found" }.Select(sign => "FishingSign-" + sign), .. new[] { "open", "ended", "lifted" }.Select(state => "FishingState-" + state),
            .. Names<TicketKind>("TicketKind-"), .. Names<TemplateUse>("TemplateUse-"), .. Tickets.TicketFigureTables.Dimensions.Select(by => "TicketBy-" + by), .. Names<TicketState>("TicketState-"), .. Names<TicketPriority>("TicketPriority-"), .. Names<TicketImpact>("TicketImpact-"), .. Names<TicketUrgency>("TicketUrgency-"),
            .. Names<MailWhen>("MailWhen-"), "MailGive", "MailChange", .. Names<DeliveryState>("Delivery-"), "Notice-webhookDisabled", "WebhookRemove", "WebhookRemoveSure",
            .. Names<WaitsFor>("TicketWaits-"), .. Names<ClockKind>("TicketClock-"), .. Names<TicketAction>("TicketMove-"), .. Names<TicketAction>("TicketDone-"), .. Names<TicketAction>("Notice-"), "Notice-clockWarning", "Notice-clockMissed",
            .. Tickets.TicketFigureTables.Dimensions.Select(by => "TicketBy-" + by), .. Names<FieldVerdict>("DiffVerdict-"), .. Tickets.DifferenceFields.All.Select(field => "DiffField-" + field.Name), .. Tickets.DifferenceFields.Sources.Select(source => "DiffSource-" + source),
            .. CdrRoles.All.SelectMany(role => Tickets.TicketAccess.Queues(role)).Select(queue => "TicketQueue-" + queue.Name),
            .. Enum.GetValues<TicketAction>().Where(Tickets.TicketMoveForms.HasText).Select(action => "TicketText-" + Answers.Wire.Of(action)), .. new[] { "all", "organism", "hotline" }.Select(who => "TicketReaders-" + who),
            .. Names<ArticleTopic>("ArticleTopic-"), .. Names<ArticleState>("ArticleState-"), .. Names<ArticleAction>("ArticleAct-"), .. Names<AnnouncementKind>("Announcements-"), .. Names<AnnouncementKind>("AnnouncementKind-"), .. Names<IncidentState>("IncidentState-"),
            .. new[] { "AnnouncementTitleMissing", "AnnouncementTextMissing", "AnnouncementFromWrong", "AnnouncementToWrong", "AnnouncementEndsFirst", "Notice-incidentResolved" },
            .. new[] { "BatchFileEmpty", "ProofTooLarge", "TicketFigureMet", "TicketFigureMissed", "TicketFigureMinutes", "TicketFigureTickets", "TicketFigureOver", "TicketFigureWith", "TicketFigureNoOrganism", "TicketKey-list", "TicketKey-down", "TicketKey-up", "TicketKey-open", "TicketKey-queue" },
        ];
        Assert.Empty(keys.Except(French.Keys));
    }

    [Fact]
    public void Every_end_of_a_session_says_what_to_do_next_in_words_of_its_own()
    {
        // What Sessions can send is what the contract names; a constant that is left out of its list is found here.
        var codes = typeof(SessionEnds).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToList();
        Assert.Equal(codes.Order(), SessionEnds.All.Order());
        foreach (var culture in (CultureInfo[])[CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("en")])
        {
            var texts = Of(culture);
            Assert.Equal(codes.Count, codes.Select(code => texts["End-" + code]).Distinct().Count());
            Assert.All(codes, code => Assert.Matches("(?i)reconnectez-vous|adressez-vous|sign in|ask your", texts["End-" + code]));
            Assert.All(codes, code => Assert.Equal(code, SessionEndings.Recognise(code)));
        }
    }

    [Fact]
    public void French_punctuation_keeps_its_space() =>
        Assert.All(French, text => Assert.DoesNotMatch(" [:;?!»]|« | '", text.Value));

    [Fact]
    public void No_text_says_that_a_patient_has_no_rights() =>
        Assert.All(French.Values, text => Assert.DoesNotMatch("(?i)pas assuré\\b|aucun droit\\b|détenu|incarcér", text));

    private static IEnumerable<string> Names<T>(string prefix)
        where T : struct, Enum => Enum.GetValues<T>().Select(value => prefix + Answers.Wire.Of(value));

    private static string PortalFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "services", "portal");

    [GeneratedRegex("L\\[\"([A-Za-z0-9-]+)\"[,\\]]")]
    private static partial Regex Asked();

    [GeneratedRegex("\\{\\d\\}")]
    private static partial Regex Places();
}
