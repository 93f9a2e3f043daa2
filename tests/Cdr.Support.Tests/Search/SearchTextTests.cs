using Cdr.Support.Search;

namespace Cdr.Support.Tests.Search;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("Les cartes FERMÉES", "carte fermé")]
    [InlineData("L'œil du lecteur", "oeil lecteurs")]
    [InlineData("droits ouverts", "droit ouvert")]
    public void Case_accents_and_plurals_do_not_count(string one, string other) => Assert.Equal(SearchText.Words(one).Order(), SearchText.Words(other).Order());

    [Theory]
    [InlineData("2 84 05 75 112 901 54")]
    [InlineData("284057511290154")]
    [InlineData("2 84 05 2A 112 901 54")]
    [InlineData("né le 12/05/1984")]
    [InlineData("12.05.84 1984-05-12")]
    [InlineData("claire.dubois@chu.example")]
    [InlineData("« Claire Dubois » <claire.dubois@chu.example>", "clair", "duboi")]
    [InlineData("https://exemple.fr/patient/lefevre")]
    [InlineData("A1B2 c3po")]
    public void Numbers_dates_and_addresses_are_no_words(string text, params string[] others) =>
        Assert.Equal(others, SearchText.Words(text).Order());
}
