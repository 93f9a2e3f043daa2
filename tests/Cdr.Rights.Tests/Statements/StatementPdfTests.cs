using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Statements;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Tests.Statements;

public sealed class StatementPdfTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const string Mention = "ne vaut ni attestation de droits ni accord de prise en charge";

    [Fact]
    public void Everything_that_the_statement_says_is_in_the_file_with_its_accents()
    {
        var statement = Write(Answers.Of(Answers.File("Caisse nationale de l'assurance maladie")));

        var text = PdfText.Flowing(StatementPdf.Draw(statement));

        Assert.Contains(Mention, text, StringComparison.Ordinal);
        Assert.Contains("Relevé de consultation des droits", text, StringComparison.Ordinal);
        Assert.Contains($"{statement.Consultation}", text, StringComparison.Ordinal);
        Assert.Contains(statement.Code, text, StringComparison.Ordinal);
        // Overseas, and in summer: the instant is nobody's guess.
        Assert.Contains("21/07/2026 12:05:07 (UTC+04:00, Indian/Reunion)", text, StringComparison.Ordinal);
        // Who confirms what the paper says.
        Assert.Matches(@"Établissement \(FINESS\)\s+974780001", text);
        Assert.Contains("00/20/1950", text, StringComparison.Ordinal);
        Assert.Contains("https://cdr.example.fr/verify", text, StringComparison.Ordinal);
        foreach (var section in statement.Sections)
        {
            Assert.Contains(section.Title, text, StringComparison.Ordinal);
            Assert.Contains(section.FreshnessText ?? "", text, StringComparison.Ordinal);
            Assert.All(section.Lines.Where(line => line.Label is null), line => Assert.Contains(line.Text, text, StringComparison.Ordinal));
            // A label's lines and its text's are drawn side by side.
            Assert.All(section.Lines.SelectMany(line => line.Text.Split(' ')), word => Assert.Contains(word, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_stale_answer_says_that_it_is_no_proof_and_each_section_says_how_fresh_it_is()
    {
        var statement = Write(Answers.Of(Answers.File("Régime bavard"), Answers.File("Régime silencieux", Freshness.Stale)));
        var text = PdfText.Flowing(StatementPdf.Draw(statement));

        Assert.Equal(["Une réponse ancienne ne vaut pas preuve."], statement.Warnings);
        Assert.Contains("Une réponse ancienne ne vaut pas preuve.", text[..600], StringComparison.Ordinal);
        Assert.All(statement.Sections.Where(section => section.Source is not null), section => Assert.Contains("21/07/2026 11:05:07", section.FreshnessText, StringComparison.Ordinal));
        Assert.All(statement.Sections.Where(section => section.Source == "Régime silencieux"), section => Assert.EndsWith("ne vaut pas preuve.", section.FreshnessText, StringComparison.Ordinal));
        Assert.Empty(Write(Answers.Of(Answers.File("Régime bavard"))).Warnings);
    }

    [Fact]
    public void It_says_until_when_each_regimes_answer_may_be_relied_upon_and_nothing_such_of_a_stale_one()
    {
        static Affiliation Until(Affiliation file, DateTimeOffset? until) => file with { Source = file.Source with { ReliableUntil = until } };
        var statement = Write(Answers.Of(
            Until(Answers.File("Régime bavard"), Answers.Now.AddMinutes(30)), Until(Answers.File("Régime gardé", Freshness.Cached), Answers.Now.AddHours(3)), Answers.File("Régime silencieux", Freshness.Stale)));
        var text = PdfText.Flowing(StatementPdf.Draw(statement));

        void Says(string source, string? until) => Assert.All(
            statement.Sections.Where(section => section.Source == source),
            section =>
            {
                Assert.Contains(section.FreshnessText!, text, StringComparison.Ordinal);
                Assert.Equal(
                    until is null ? null : $"Utilisable jusqu’au 21/07/2026 {until} (UTC+04:00, Indian/Reunion) ; ensuite, consultez de nouveau.",
                    section.FreshnessText!.IndexOf("Utilisable", StringComparison.Ordinal) is var at and >= 0 ? section.FreshnessText[at..] : null);
            });

        Says("Régime bavard", "12:35:07");
        Says("Régime gardé", "15:05:07");
        Says("Régime silencieux", null);
    }

    [Fact]
    public void Many_files_fill_several_pages_each_numbered_and_with_the_mention_and_a_long_name_is_all_there()
    {
        var name = string.Concat(Enumerable.Repeat("Vandenbrouckeghem", 12));
        var statement = Write(Answers.Of([.. Enumerable.Range(1, 8).Select(n => Answers.File($"Régime n° {n}", family: name))]));

        var pages = PdfText.Pages(StatementPdf.Draw(statement));

        Assert.InRange(pages.Count, 4, 30);
        Assert.All(pages.Index(), page => Assert.Contains($"page {page.Index + 1}/{pages.Count}", page.Item, StringComparison.Ordinal));
        Assert.All(pages, page => Assert.Contains(Mention, page, StringComparison.Ordinal));
        Assert.Equal(8, Occurrences(string.Concat(pages.Select(page => page.Replace("\n", "", StringComparison.Ordinal))), name));
    }

    [Fact]
    public async Task The_same_statement_gives_the_same_text_however_many_are_drawn_at_once()
    {
        var statement = Write(Answers.Of(Answers.File("Caisse nationale")));
        var texts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => string.Join('\f', PdfText.Pages(StatementPdf.Draw(statement))))));
        Assert.Single(texts.Distinct());
    }

    [Fact]
    public void What_is_folded_on_a_screen_is_marked_as_such()
    {
        var statement = Write(Answers.Of(Answers.File("Caisse nationale")));
        Assert.Equal(
            ["Complémentaire santé solidaire (C2S)", "Exonérations du ticket modérateur", "Modulations du ticket modérateur", "Aide médicale de l’État (AME)", "Accidents du travail et maladies professionnelles (AT/MP)"],
            statement.Sections.Where(section => section.Folded).Select(section => section.Title));
    }

    [Fact]
    public void A_reason_that_tells_what_the_person_lives_on_is_not_named()
    {
        var statement = Write(Answers.Of(Answers.File("Caisse nationale")) with { Reason = "state-medical-aid" });

        Assert.Contains("non affiché, par discrétion", statement.Sections[0].Lines[^1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bénéficiaire de l’aide médicale", JsonSerializer.Serialize(statement, Relaxed), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Bénéficiaire de l’aide médicale", PdfText.Flowing(StatementPdf.Draw(statement)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Another_cover_is_pointed_at_where_base_rights_are_closed_and_not_named_there()
    {
        var file = Answers.File("Caisse nationale");
        StatementSection BaseRights(Affiliation affiliation) => Write(Answers.Of(affiliation)).Sections.Single(section => section.Title == "Droits de base");
        var covered = file with { BaseRights = file.BaseRights with { State = RightState.Closed }, Ame = file.Ame with { State = RightState.Open } };

        Assert.Contains(BaseRights(covered).Lines, line => line.Text.StartsWith("Autre prise en charge ouverte à cette date", StringComparison.Ordinal) && !line.Text.Contains("dépliez", StringComparison.Ordinal));
        Assert.DoesNotContain(BaseRights(file).Lines, line => line.Text.StartsWith("Autre prise en charge", StringComparison.Ordinal));
    }

    [Fact]
    public void The_paper_says_that_its_content_is_not_what_is_verified()
    {
        foreach (var origin in (string?[])["https://cdr.example.fr/", null])
        {
            var line = Write(Answers.Of(), origin).Reference[^1].Text;
            Assert.Contains("si le code est authentique", line, StringComparison.Ordinal);
            Assert.Contains("l’établissement le confirme par l’identifiant", line, StringComparison.Ordinal);
            Assert.DoesNotContain("relevé est authentique", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_public_address_the_page_is_named_and_no_address_is_invented()
    {
        var statement = Write(Answers.Of(), origin: null);
        Assert.Null(statement.VerifyAt);
        Assert.Contains("/verify du portail CDR", statement.Reference[^1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http", PdfText.Flowing(StatementPdf.Draw(statement)), StringComparison.Ordinal);
    }

    private static Statement Write(ConsultationAnswer answer, string? origin = "https://cdr.example.fr/") => new StatementWriting(Options.Create(new StatementOptions { Origin = origin })).Write(
        answer,
        new StatementCodes.Made(VerificationCode.Of(SHA256.HashData([1])), new StatementRow { CodeHash = [], AnsweredAt = Answers.Now, MadeAt = Answers.Now.AddMinutes(2) }),
        "974780001",
        "Indian/Reunion");

    private static int Occurrences(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;
}
