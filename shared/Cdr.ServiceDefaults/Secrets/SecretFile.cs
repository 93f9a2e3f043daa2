namespace Cdr.ServiceDefaults.Secrets;

/// <summary>A file that its owner alone reads and that is there whole or not at all: two processes may begin in one folder, and one may be killed at any moment.</summary>
internal static class SecretFile
{
    // What Microsoft.Extensions.Configuration.KeyPerFile passes over.
    private const string Ignored = "ignore.";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>False: there is one, perhaps another process's of this moment, and it is left as it is.</summary>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Moving looks and then renames: of two that look at once, the second would replace the first's.
        using var turn = TakeTurn(path + ".lock");
        if (File.Exists(path))
            return false;
        Write(path, content);
        return true;
    }

    /// <summary>Whatever is there: who reads it meanwhile has the one or the other, whole.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        using var turn = TakeTurn(path + ".lock");
        Write(path, content);
    }

    /// <summary>
    /// By an operator's hand, one at a time: read, changed and put in its place whole, with the mode that it had. Whatever lies beside it meanwhile is
    /// named so that a folder whose every file is a setting passes over it.
    /// </summary>
    /// <param name="path">A file that is there.</param>
    /// <param name="change">What it becomes; null: it stays as it is.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static void Rewrite(string path, Func<byte[], byte[]?> change)
    {
        var full = Path.GetFullPath(path);
        var beside = Path.Combine(Path.GetDirectoryName(full)!, Ignored + Path.GetFileName(full));
        if (!File.Exists(full))
            throw new FileNotFoundException($"{path} is not there.");
        using var turn = TakeTurn(beside + ".lock");
        if (change(File.ReadAllBytes(full)) is not { } content)
            return;
        try
        {
            Write(full, content, OperatingSystem.IsWindows() ? Private : File.GetUnixFileMode(full), beside + ".part");
        }
        catch
        {
            File.Delete(beside + ".part");
            throw;
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = Private, string? beside = null)
    {
        var unfinished = beside ?? path + ".part";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        // What a file is made with is cut by the process's mask.
        if (!OperatingSystem.IsWindows() && mode != Private)
            File.SetUnixFileMode(unfinished, mode);
        File.Move(unfinished, path, overwrite: true);
    }

    // The system lets go of it with the process; the empty file stays, as who removes it could remove another's.
    private static FileStream TakeTurn(string path)
    {
        var pause = new SpinWait();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                pause.SpinOnce();
            }
        }
    }
}
