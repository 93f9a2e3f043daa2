using System.Reflection;
using System.Text.RegularExpressions;
using Cdr.Sessions.OpenId;
using Cdr.Sessions.Software;

namespace Cdr.Sessions.Tests.Start;

public sealed class RefusalTests
{
    /// <summary>Of cards, of software, of providers: whoever is refused meets one of the three.</summary>
    [Theory]
    [InlineData(typeof(Refusal))]
    [InlineData(typeof(SoftwareRefusals))]
    [InlineData(typeof(ProviderRefusals))]
    public void Each_refusal_has_a_code_and_words_of_its_own_and_says_what_to_do_next(Type kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        var all = kind.GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => field.GetValue(null)).OfType<Refusal>().ToList();
        Assert.InRange(all.Count, 8, 100);
        Assert.All(all, refusal =>
        {
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", refusal.Code);
            Assert.EndsWith(".", refusal.Title, StringComparison.Ordinal);
            Assert.EndsWith(".", refusal.Next, StringComparison.Ordinal);
        });
        Assert.Equal(all.Count, all.Select(refusal => refusal.Code).Distinct().Count());
        Assert.Equal(all.Count, all.Select(refusal => refusal.Title).Distinct().Count());
        // Nobody is asked for what only the card may be told.
        Assert.All(all, refusal => Assert.DoesNotMatch(new Regex("(donne|communique|tape|saisi).*code (porteur|de déblocage)", RegexOptions.IgnoreCase), refusal.Next));
    }
}
