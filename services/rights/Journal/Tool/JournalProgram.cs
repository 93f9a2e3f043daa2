using Cdr.Rights.Journal.Retention;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Journal.Tool;

/// <summary>Settings and console of the journal's verbs.</summary>
internal static class JournalProgram
{
    public static async Task<int> RunAsync(string[] words)
    {
        var options = new ToolOptions(words);
        var configuration = new ConfigurationManager();
        configuration.AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        JournalToolSettings settings;
        try
        {
            settings = Settings(configuration, options);
        }
        catch (DirectoryNotFoundException e)
        {
            await Console.Error.WriteLineAsync($"{SecretFiles.Setting} names a folder that is not there: {e.Message}");
            return 2;
        }

        await using var store = new JournalToolStore(settings);
        try
        {
            return await new JournalTool(store, TimeProvider.System, Console.Out, Console.Error).RunAsync(words, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
    }

    /// <summary>The service's settings, as far as the verbs need them: its secrets are files for them too.</summary>
    internal static JournalToolSettings Settings(ConfigurationManager configuration, ToolOptions options)
    {
        configuration.AddSecretFiles();
        if (options.All("--connection") is [var connection, ..])
            // For the purge too: whoever names a database means no other.
            configuration.AddInMemoryCollection([new("ConnectionStrings:Rights", connection), new("ConnectionStrings:RightsOwner", connection)]);
        string? Setting(string name) => configuration[name] is { Length: > 0 } value ? value : null;
        return new JournalToolSettings
        {
            Connection = Setting("ConnectionStrings:Rights"),
            OwnerConnection = Setting("ConnectionStrings:RightsOwner"),
            DataFolder = Setting("Data:Folder"),
            KeysFile = Setting("Keys:Rights:File"),
            Retention = RetentionOptions.Checked(configuration.GetSection(RetentionOptions.Section).Get<RetentionOptions>() ?? new RetentionOptions()),
        };
    }
}
