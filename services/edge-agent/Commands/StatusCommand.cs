using System.Globalization;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

internal static class StatusCommand
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellationToken)
    {
        var voice = new Voice(line.Json);
        if (await ControlSocket.AskAsync(new AgentRequest("status"), cancellationToken) is not { } reply)
        {
            voice.Reply(AgentWords.NoAgent());
            return ExitCodes.NotRunning;
        }

        return voice.Reply(reply.State is not { } state ? reply : reply with { Words = Words(state, TimeZoneInfo.Local) });
    }

    /// <summary>As a person reads it, in the zone of their post.</summary>
    internal static string Words(AgentState state, TimeZoneInfo zone) => string.Join('\n',
    [
        $"Agent {state.Version}, plateforme {state.Platform ?? "non réglée"}.",
        .. state.Platform is null ? [AgentWords.NoPlatform.Next!] : Array.Empty<string>(),
        state.Session switch
        {
            "open" when state.Since is { } since => $"Session ouverte depuis le {Told(since, zone)}.",
            "doubtful" => "Session en suspens : le lecteur ne répond plus ; elle se ferme dans les 15 secondes si la même carte n'est pas revue.",
            _ => "Aucune session." + (state.LastEnd is null ? "" : $" Fin de la précédente : {EndWords.Of(state.LastEnd)}."),
        },
        state.Monitor == "ok" ? $"Lecteurs : {state.Readers.Count}." : $"Les lecteurs ne répondent pas (code : {state.Monitor}). {AgentWords.StartService}",
        state.SeesLocks ? "Verrouiller l'écran ferme la session : oui." : "Verrouiller l'écran ferme la session : non, le système ne le dit pas à l'agent.",
        .. state.Readers.Select(reader => $"  {reader.Name} : {reader.Card ?? "vide"}"),
    ]);

    private static string Told(DateTimeOffset at, TimeZoneInfo zone) =>
        string.Create(CultureInfo.InvariantCulture, $"{TimeZoneInfo.ConvertTime(at, zone):dd/MM/yyyy 'à' HH:mm} ({zone.Id}, UTC{TimeZoneInfo.ConvertTime(at, zone):zzz})");
}
