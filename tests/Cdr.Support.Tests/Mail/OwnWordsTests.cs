using Cdr.Support.Mail.Inbox;

namespace Cdr.Support.Tests.Mail;

public sealed class OwnWordsTests
{
    private const string Inbox = "reponses@cdr.example";

    [Theory]
    [InlineData("Oui.\r\n\r\nLe ven. 20 nov. 2026 à 09:00, CDR <cdr@cdr.example> a écrit :\r\n> Demande 123\r\n> non", "Oui.")]
    [InlineData("Oui.\n\nLe ven. 20 nov. 2026 à 09:00, CDR\n<reponses+abc@cdr.example> a\nécrit : \nnon", "Oui.")]
    [InlineData("Le médecin a écrit :\nvoilà", "Le médecin a écrit :\nvoilà")]
    [InlineData("Oui.\n\nLe ven. 20 nov. 2026 à 09:00, CDR\n<reponses+abc@cdr.example> a écrit\u00a0:\nnon", "Oui.")]
    [InlineData("Yes.\n\nOn Fri, 20 Nov 2026, CDR wrote:\n> no", "Yes.")]
    [InlineData("Oui.\n\nDe : CDR <cdr@cdr.example>\nEnvoyé : vendredi\nÀ : Claire\nObjet : non", "Oui.")]
    [InlineData("Oui.\n-----Message d'origine-----\nnon", "Oui.")]
    [InlineData("Oui.\n________________________________\nnon", "Oui.")]
    [InlineData("Oui.\n-- \nClaire Dubois\nCHU", "Oui.")]
    [InlineData("Oui.\n\n— Répondez au-dessus de cette ligne —\nnon", "Oui.")]
    [InlineData("> Avez-vous débranché ?\nOui, deux fois.\n> non", "> Avez-vous débranché ?\nOui, deux fois.")]
    [InlineData("Le lecteur est rouge.\nLe voyant aussi.", "Le lecteur est rouge.\nLe voyant aussi.")]
    [InlineData("De : rien du tout\nmerci", "De : rien du tout\nmerci")]
    [InlineData("Mon adresse reponses+ABCdef234@cdr.example ?", "Mon adresse … ?")]
    [InlineData("Un\u0000deux\u001b[31m", "Undeux[31m")]
    [InlineData("> tout est cité", "")]
    public void What_is_quoted_and_signed_is_left_out(string text, string own) => Assert.Equal(own, OwnWords.Of(text, Inbox));

    [Fact]
    public void A_text_without_end_is_cut_at_once()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        OwnWords.Of(string.Concat(Enumerable.Repeat("Le a\n", 200_000)), Inbox);
        OwnWords.OfHtml(string.Concat(Enumerable.Repeat("<blockquote><p>", 60_000)));
        // Seconds, not minutes: what is looked at is at most a megabyte.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), watch.Elapsed.ToString());
    }
}
