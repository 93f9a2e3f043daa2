using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Package;

/// <summary>The files of the package, as the folder holds them now. Only what a listing shows is ever opened: a name is never joined to a path unseen.</summary>
internal sealed partial class PackageFiles(IOptions<PackageOptions> options, ILogger<PackageFiles> log)
{
    public const string ReadFirst = "read-first";

    private static readonly string[] Systems = ["windows", "citrix-tse", "macos", "linux"];
    private readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> hashes = new();

    public bool Exists => options.Value.Folder is not null;

    public async Task<PackageContents> ContentsAsync(string? accepted, CancellationToken cancellationToken)
    {
        var version = options.Value.LicenceVersion!;
        var folders = new List<PackageFolder>();
        foreach (var system in Systems)
            folders.Add(new PackageFolder(system, await FilesAsync(system, cancellationToken)));
        if (!PackageReaders.TryRead(options.Value.Folder!, out var readers))
            Log.ReadersUnreadable(log);
        return new PackageContents(
            await FilesAsync(ReadFirst, cancellationToken),
            version,
            await File.ReadAllTextAsync(Path.Combine(options.Value.Folder!, "licence.txt"), cancellationToken),
            accepted == version,
            [.. folders.Where(folder => folder.Files.Count > 0)],
            readers);
    }

    /// <summary>Null when there is no such file.</summary>
    public async Task<(string Path, string Sha256)?> FindAsync(string folder, string name, CancellationToken cancellationToken)
    {
        if (folder != ReadFirst && !Systems.Contains(folder) || Listed(folder).FirstOrDefault(file => file.Name == name) is not { } found)
            return null;
        return (found.FullName, await HashOfAsync(found, cancellationToken));
    }

    private async Task<IReadOnlyList<PackageFile>> FilesAsync(string folder, CancellationToken cancellationToken)
    {
        var files = new List<PackageFile>();
        foreach (var file in Listed(folder))
            files.Add(new PackageFile(file.Name, file.Length, await HashOfAsync(file, cancellationToken)));
        return files;
    }

    private IEnumerable<FileInfo> Listed(string folder)
    {
        var directory = new DirectoryInfo(Path.Combine(options.Value.Folder!, folder));
        // A link could lead out of the folder.
        return directory.Exists ? directory.EnumerateFiles().Where(file => file.LinkTarget is null).OrderBy(file => file.Name, StringComparer.Ordinal) : [];
    }

    private async Task<string> HashOfAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var key = (file.FullName, file.Length, file.LastWriteTimeUtc);
        if (hashes.TryGetValue(key, out var known))
            return known;
        await using var stream = file.OpenRead();
        return hashes[key] = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The package's readers.json is no list of readers any more; it is left out.")]
        public static partial void ReadersUnreadable(ILogger logger);
    }
}
