using Cdr.Testing.Servers;

namespace Cdr.Testing.Platforms;

/// <summary>Programs as they are published, in <c>artifacts/published</c>.</summary>
internal static class Published
{
    private static readonly SemaphoreSlim One = new(1);
    private static readonly Lazy<Task<string>> Portal = new(PublishPortalAsync);

    /// <summary>As in an image: compiled before it runs, so that a process just started answers at once.</summary>
    /// <returns>The program's assembly.</returns>
    public static async Task<string> CompiledAsync(string place, string assembly, CancellationToken cancellationToken)
    {
        var built = Repository.Program(place, assembly);
        var folder = Path.Combine(Repository.Root, "artifacts", "published", "compiled", assembly);
        var program = Path.Combine(folder, assembly + ".dll");
        await One.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(built))
            {
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
                await ServerProgram.RunAsync(Path.Combine(Repository.Root, "deploy", "images", "publish"), [place, folder], cancellationToken: cancellationToken);
                File.SetLastWriteTimeUtc(program, File.GetLastWriteTimeUtc(built));
            }
        }
        finally
        {
            One.Release();
        }

        return program;
    }

    /// <summary>Outside Development, unpublished pages come without their files.</summary>

    /// <returns>The program's assembly.</returns>
    public static Task<string> PortalAsync(CancellationToken cancellationToken) => Portal.Value.WaitAsync(cancellationToken);

    private static async Task<string> PublishPortalAsync()
    {
        var built = Repository.Program("services/portal", "Cdr.Portal");
        var folder = Path.Combine(Repository.Root, "artifacts", "published", "portal");
        var program = Path.Combine(folder, "Cdr.Portal.dll");
        if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(built))
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            await ServerProgram.RunAsync("dotnet",
                ["publish", Path.Combine(Repository.Root, "services/portal"), "--no-build", "-c", Repository.Configuration, "-o", folder, "-nodeReuse:false"]);
            File.SetLastWriteTimeUtc(program, File.GetLastWriteTimeUtc(built));
        }

        return program;
    }
}
