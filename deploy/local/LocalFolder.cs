namespace Cdr.Local;

/// <summary>The data folder, held by one process: two would journal into one file.</summary>
internal sealed class LocalFolder : IDisposable
{
    private readonly FileStream held;

    private LocalFolder(FileStream held) => this.held = held;

    /// <summary>Null, said why, when another process holds it, or when it holds what is not ours: a mistyped <c>--data</c> must not cost somebody their files.</summary>
    public static LocalFolder? Take(LocalSettings settings)
    {
        var mark = Path.Combine(settings.Data, ".held");
        try
        {
            Directory.CreateDirectory(settings.Data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Le dossier {settings.Data} ne peut pas être créé. Donnez-en un autre : ./run --data DOSSIER");
            return null;
        }

        if (!File.Exists(mark) && Directory.EnumerateFileSystemEntries(settings.Data).Any())
        {
            Console.Error.WriteLine($"Le dossier {settings.Data} contient autre chose que les données de la plateforme : rien n'y a été touché. Donnez un dossier vide ou nouveau : ./run --data DOSSIER");
            return null;
        }

        FileStream held;
        try
        {
            held = new FileStream(mark, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Rien ne peut être écrit dans le dossier {settings.Data}. Donnez-en un autre : ./run --data DOSSIER");
            return null;
        }
        catch (IOException)
        {
            Console.Error.WriteLine($"La plateforme tourne déjà sur le dossier {settings.Data}. Arrêtez-la (Ctrl-C), ou donnez un autre dossier : ./run --data DOSSIER");
            return null;
        }

        if (settings.Fresh)
            Empty(settings.Data, mark);
        Directory.CreateDirectory(settings.Anchors);
        return new LocalFolder(held);
    }

    public void Dispose() => held.Dispose();

    private static void Empty(string folder, string mark)
    {
        Console.WriteLine($"Remise à neuf : le contenu de {folder} est supprimé (clés, sessions, journal, comptages).");
        foreach (var inside in Directory.EnumerateDirectories(folder))
            Directory.Delete(inside, recursive: true);
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => file != mark))
            File.Delete(file);
    }
}
