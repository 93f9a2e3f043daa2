using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Commands;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Tests.Commands;

/// <summary>What a person reads where a program reads codes.</summary>
public sealed class StatusWordsTests
{
    private static readonly AgentState None = new("1.0", "https://cdr.test", [], "ok", "none", null, null, true);
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Fact]
    public void A_session_is_open_since_the_posts_own_time_which_names_its_zone()
    {
        var state = None with { Session = "open", Since = new DateTimeOffset(2026, 7, 1, 22, 30, 0, TimeSpan.Zero) };
        Assert.Contains("Session ouverte depuis le 02/07/2026 à 00:30 (Europe/Paris, UTC+02:00).", StatusCommand.Words(state, Paris), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SessionEnds.Withdrawn, "la carte a été retirée (code : withdrawn).")]
    [InlineData(SessionEnds.ReaderLost, "le lecteur ne répondait plus (code : reader-lost).")]
    [InlineData(SessionEnds.Locked, "l'écran a été verrouillé, ou le poste mis en veille (code : locked).")]
    [InlineData(SessionEnds.SignedOut, "la déconnexion a été demandée (code : signed-out).")]
    [InlineData(SessionEnds.HeartbeatLost, "la plateforme n'avait plus de nouvelles de ce poste (code : heartbeat-lost).")]
    [InlineData("of-a-newer-platform", "la plateforme y a mis fin (code : of-a-newer-platform).")]
    public void Why_the_one_before_ended_is_said_in_words_with_its_code(string because, string words) =>
        Assert.Contains("Aucune session. Fin de la précédente : " + words, StatusCommand.Words(None with { LastEnd = because }, Paris), StringComparison.Ordinal);

    [Fact]
    public void Each_reason_of_the_platform_has_words_of_its_own()
    {
        var words = SessionEnds.All.Select(because => EndWords.Of(because).Replace($" (code : {because})", "", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain("la plateforme y a mis fin", words);
        Assert.Equal(words.Distinct(), words);
        Assert.Contains("la carte est en opposition", words);
    }

    [Fact]
    public void Locks_doubts_and_silent_readers_are_sentences()
    {
        Assert.Contains("Verrouiller l'écran ferme la session : oui.", StatusCommand.Words(None, Paris), StringComparison.Ordinal);
        var words = StatusCommand.Words(None with { SeesLocks = false, Session = "doubtful", Monitor = "8010001D" }, Paris);
        Assert.Contains("Verrouiller l'écran ferme la session : non", words, StringComparison.Ordinal);
        Assert.Contains("dans les 15 secondes", words, StringComparison.Ordinal);
        Assert.Contains($"Les lecteurs ne répondent pas (code : 8010001D). {AgentWords.StartService}", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux", "pinentry", "window")]
    [InlineData("windows", "« window »", "pinentry")]
    [InlineData("macos", "« window »", "pinentry")]
    public void Where_there_is_nowhere_to_type_each_system_is_told_its_own_way(string system, string named, string never)
    {
        Assert.Contains(named, AgentWords.WhereToType(system), StringComparison.Ordinal);
        Assert.DoesNotContain(never, AgentWords.WhereToType(system), StringComparison.Ordinal);
    }
}
