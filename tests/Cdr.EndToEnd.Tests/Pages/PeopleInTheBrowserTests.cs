using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>People of docs/people.md at the desk: each outcome in words that a clerk understands, with the next step.</summary>
public sealed class PeopleInTheBrowserTests(Platforms platforms, Browser browser)
{
    // Each: what is typed (name=value, separated by ';'), what is clicked in turn, the outcome, and what must be read (« place: words »).
    [Theory]
    [InlineData("one insured person", "nir=2 84 05 75 112 901 54", "ask", "found",
        "headline: Droits ouverts", "explanation: droits de base ouverts", "explanation: La recherche s'est arrêtée là", "next-steps: mettre à jour sa carte Vitale", "tile-mage: Non interrogé : la recherche s'est arrêtée avant")]
    [InlineData("two affiliations", "nir=1 80 12 26 362 901 55", "ask ask-all", "several",
        "headline: À vérifier", "explanation: Plusieurs régimes ont des droits ouverts à cette date", "explanation: Le service ne choisit pas", "next-steps: demandez à la personne de quel régime elle relevait à la date des soins",
        "affiliation-0: Droits de base ouverts", "affiliation-1: Droits de base ouverts")]
    [InlineData("moved, the regime that was left alone asked", "nir=1 77 01 64 445 901 02;regime=cnam", "ask", "incomplete",
        "headline: À vérifier", "explanation: La personne est partie vers un autre régime, MSA", "explanation: ni qu'elle est assurée, ni qu'elle ne l'est pas", "next-steps: Interrogez tous les régimes, ou choisissez le régime MSA", "tile-cnam: Personne partie vers le régime MSA le 1er juillet 2023")]
    [InlineData("moved, everybody asked", "nir=1 77 01 64 445 901 02;regime=cnam", "ask ask-all", "found",
        "headline: Droits ouverts", "explanation: Mutualité sociale agricole", "explanation: droits de base ouverts", "tile-cnam: Personne partie vers le régime MSA le 1er juillet 2023")]
    [InlineData("homonyms", "family-name=Giroflée;given-name=Marie;birth-date=25/04/1966", "ask", "candidates",
        "headline: Choisissez la personne", "explanation: choisissez dans la liste, date de naissance en main", "next-steps: ne choisissez pas au hasard, redemandez avec le numéro de sécurité sociale", "candidate-1: NIR masqué")]
    [InlineData("twins", "nir=2 89 03 51 454 901 59;beneficiary-birth-date=02/10/2019", "ask", "candidates",
        "explanation: Plusieurs dossiers correspondent", "next-steps: Jumeaux : le rang de naissance les distingue", "candidate-0: rang 1", "candidate-1: rang 2")]
    [InlineData("a twin that was picked", "nir=2 89 03 51 454 901 59;beneficiary-birth-date=02/10/2019", "ask candidate-1", "found",
        "headline: Droits ouverts", "patient: Lison", "insured-nir: ce n’est pas celui du patient")]
    [InlineData("a child of two parents", "family-name=Basilic;given-name=Timothée;birth-date=09/06/2015", "ask", "candidates",
        "explanation: Plusieurs dossiers correspondent", "next-steps: Un enfant rattaché à ses deux parents figure une fois par parent, c'est normal", "candidate-1: 09/06/2015")]
    [InlineData("a child under the father's number", "nir=1 84 02 06 029 901 44;beneficiary-birth-date=09/06/2015", "ask", "found",
        "headline: Droits ouverts", "next-steps: Invitez le parent assuré à mettre à jour sa carte Vitale : l'enfant y est inscrit", "patient: Timothée", "insured-nir: ce n’est pas celui du patient")]
    [InlineData("a lunar birth date", "nir=1 50 20 99 352 901 79", "ask", "found",
        "headline: Droits ouverts", "birth: 00/20/1950", "birth: Date incomplète : elle est juste, le régime l’a enregistrée ainsi")]
    [InlineData("a provisional number", "nir=7 19 80 49 300 901", "ask", "found",
        "headline: Droits ouverts", "patient-nir: Numéro provisoire, sans clé : il se facture tel quel")]
    [InlineData("state medical aid, folded", "nir=2 93 06 99 335 901 51", "ask", "found",
        "headline: Droits ouverts", "explanation: prise en charge ouverte à cette date, voir le détail", "section-ame: Afficher", "section-base-rights: Autre prise en charge")]
    [InlineData("state medical aid, asked for", "nir=2 93 06 99 335 901 51", "ask unfold-ame", "found",
        "section-ame: Aide médicale de l'État ouverte")]
    [InlineData("full third-party payment", "nir=1 82 10 94 028 901 58", "ask", "found",
        "section-full-third-party: tiers payant intégral, prise en charge à 100 % par le régime général, sans dépassement")]
    [InlineData("a passing migrant", "nir=5 18 50 56 600 903", "ask", "found",
        "headline: Droits ouverts", "passing-migrant: Migrant de passage", "passing-migrant: il se facture tel quel")]
    [InlineData("a beneficiary whom the insured person's regime does not know", "nir=2 89 03 51 454 901 59;beneficiary-birth-date=03/10/2019;regime=cnam", "ask", "notFound",
        "headline: À vérifier", "explanation: L'assuré est connu, mais ce bénéficiaire ne lui est pas rattaché", "next-steps: Vérifiez la date et le rang de naissance du bénéficiaire ; un enfant peut être rattaché à l'autre parent")]
    [InlineData("nobody found", "nir=1 85 05 75 113 999 24;regime=cnam", "ask", "notFound",
        "headline: À vérifier", "explanation: Droits non retrouvés à cette date", "explanation: ne justifie jamais un refus de soins", "next-steps: Essayez autrement : par les noms et la date de naissance, ou avec le numéro de l'assuré", "next-steps: service social ou la PASS")]
    [InlineData("a series that was prescribed while rights were open", "nir=1 88 08 75 114 901 90;regime=cnam;care-date=2022-01-10;care-kind=series;prescription-date=2021-12-20", "ask", "found",
        "headline: Droits ouverts", "reference-date: Série d'actes : les droits sont ceux du 20/12/2021, date de la prescription", "reference-date: CF600", "explanation: droits de base ouverts", "checked-at: 10/01/2022")]
    [InlineData("an isolated act of the same day", "nir=1 88 08 75 114 901 90;regime=cnam;care-date=2022-01-10;care-kind=isolated-act", "ask", "found",
        "headline: À vérifier", "reference-date: Acte isolé : les droits sont ceux du 10/01/2022, date de l'acte", "explanation: Droits non retrouvés à cette date", "explanation: ne justifie jamais un refus de soins")]
    public async Task The_answer_is_understood(string who, string typed, string clicked, string outcome, params string[] read)
    {
        Assert.NotNull(who);
        var page = await AskingAsync(typed);
        foreach (var click in clicked.Split(' '))
        {
            await page.GetByTestId(click).ClickAsync();
            await Expect(page.GetByTestId("answer")).ToBeVisibleAsync();
        }

        await ReadAsync(page, outcome, read);
        await NoViolationAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_twin_is_picked_with_the_keyboard_alone()
    {
        var page = await AskingAsync("nir=2 89 03 51 454 901 59;beneficiary-birth-date=02/10/2019");
        await page.GetByTestId("birth-rank").FocusAsync();
        await PageJourneyTests.TabToAsync(page, "[data-testid=ask]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("headline")).ToBeFocusedAsync();
        await PageJourneyTests.TabToAsync(page, "[data-testid=candidate-0]");
        await page.Keyboard.PressAsync("Enter");

        await ReadAsync(page, "found", "patient: Malo");
        await Expect(page.GetByTestId("headline")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    private async Task<IPage> AskingAsync(string typed)
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("nir")).ToBeFocusedAsync();
        if (typed.Contains("family-name", StringComparison.Ordinal))
            await page.GetByTestId("by-names").CheckAsync();
        foreach (var (field, value) in typed.Split(';').Select(part => part.Split('=')).Select(part => (part[0], part[1])))
        {
            if (field is "regime" or "care-kind")
                await page.GetByTestId(field).SelectOptionAsync(value);
            else
                await page.GetByTestId(field).FillAsync(value);
        }

        await page.GetByTestId("reason-emergency").CheckAsync();
        return page;
    }

    private static async Task ReadAsync(IPage page, string outcome, params string[] read)
    {
        await Expect(page.GetByTestId("answer")).ToHaveAttributeAsync("data-outcome", outcome);
        foreach (var (place, words) in read.Select(line => line.Split(": ", 2)).Select(line => (line[0], line[1])))
            await Expect(page.GetByTestId(place).First).ToContainTextAsync(words);
    }

    private static async Task NoViolationAsync(IPage page) =>
        Accessibility.None(await Accessibility.ViolationsAsync(page, page.Url));
}
