using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Journeys;

/// <summary>The package, as a hospital's developer meets it: a project of their own, elsewhere, and the lines of the guide.</summary>
public sealed partial class OutsideClientTests(Platforms platforms)
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Cdr.Client" Version="[VERSION]" />
          </ItemGroup>
        </Project>
        """;

    // After the guide's lines: the same question again, by steps, and one that is refused.
    private const string More = """

        var again = await CdrClient.Rights(http).AskRightsAsync(question);
        Console.WriteLine($"again {again.Id == question.Id} {again.Affiliations[0].BaseRights.State}");
        await foreach (var step in CdrClient.Rights(http).AskRightsByStepsAsync(new ConsultationRequest { Nir = question.Nir, Reason = "emergency", Regime = "cnam" }))
            Console.WriteLine(step.Regime is { } regime ? $"step {regime.Name} {regime.Outcome}" : $"steps {step.Answer!.Outcome}");
        try
        {
            await CdrClient.Rights(http).AskRightsAsync(new ConsultationRequest { Nir = "2 84 05 75 112 901 55", Reason = "emergency" });
        }
        catch (CdrProblemException e)
        {
            Console.WriteLine($"refused {(int)e.Status} {e.Field} {e.ToString().Contains("284057511290155") || e.ToString().Contains("901 55")} {e.Title?.Length > 0}");
        }

        await CdrClient.Rights(http).UseConsultationAsync(again.Id, new ConsultationUse { Use = "invoice" });
        Console.WriteLine($"listed {(await CdrClient.Rights(http).ListConsultationsAsync(20)).Any(one => one.Id == again.Id)}");
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        try
        {
            await CdrClient.Rights(http).ListRegimesAsync(stopped.Token);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("cancelled");
        }

        // A file of questions, handed in twice under one key.
        var rights = CdrClient.Rights(http);
        BatchQuestion[] lines = [new() { Reference = "F-1", Nir = question.Nir, Regime = "cnam" }, new() { Reference = "F-2", Nir = "1 85 05 75 113 999 24", Regime = "cnam" }];
        var batch = await rights.SendBatchAsync(lines, "patient-absent", "outside-1");
        var same = await rights.SendBatchAsync(lines, "patient-absent", "outside-1");
        while ((await rights.FollowBatchAsync(batch.Id)).State == BatchState.UnderWay)
            await Task.Delay(500);
        var results = await rights.ReadBatchAsync(batch.Id);
        Console.WriteLine($"batch {same.Id == batch.Id} {results.Complete} {string.Join(' ', results.Lines.Select(line => $"{line.Reference} {line.Answer?.Outcome}"))}");
        Console.WriteLine($"since {(await rights.ReadBatchAsync(batch.Id, results.Next)).Lines.Count}, as a table {System.Text.Encoding.UTF8.GetString(await rights.BatchCsvAsync(batch.Id)).Split("F-2").Length}");
        Console.WriteLine($"kept {(await rights.UseBatchAsync(batch.Id, new ConsultationUse { Use = "invoice" })).Noted} {(await rights.ListBatchesAsync()).Any(one => one.Id == batch.Id)} {(await rights.CancelBatchAsync(batch.Id)).State}");

        try
        {
            await rights.SendBatchAsync([.. lines, new BatchQuestion { Reference = "F-3", Nir = "2 84 05 75 112 901 55" }], "patient-absent");
        }
        catch (CdrProblemException e)
        {
            Console.WriteLine($"faults {(int)e.Status} {string.Join(' ', e.Faults.Select(fault => $"{fault.Line} {fault.Field}"))} {e.ToString().Contains("901 55")}");
        }

        // An answer on paper, and one that has none.
        var statement = await rights.MakeStatementAsync(again.Id);
        var pdf = await rights.StatementPdfAsync(again.Id);
        Console.WriteLine($"statement {(await rights.ReadStatementAsync(again.Id)).Code == statement.Code} {statement.Code.Length} {System.Text.Encoding.ASCII.GetString(pdf, 0, 5)}");
        try
        {
            await rights.StatementPdfAsync(CdrClient.NewId());
        }
        catch (CdrProblemException e)
        {
            Console.WriteLine($"no statement {(int)e.Status} {e.Code}");
        }

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_package_used_from_a_project_elsewhere_asks_and_reads_an_answer()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        using var folder = new TestFolder("outside");
        using var key = RSA.Create(2048);
        await RegisterAsync(platform, "dossier-exterieur", key);
        await File.WriteAllTextAsync(folder.File("software.pem"), key.ExportPkcs8PrivateKeyPem(), Cancellation);
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "software-clients.md"), Cancellation);
        var lines = Client().Match(guide).Groups["lines"].Value;
        Assert.Contains("http://127.0.0.1:8080", lines, StringComparison.Ordinal);
        Assert.Contains("dossier-mont-vert", lines, StringComparison.Ordinal);

        // As they are written: only the port and the client's id are others.
        await File.WriteAllTextAsync(folder.File("Program.cs"), lines
            .Replace("http://127.0.0.1:8080", platform.Door.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("dossier-mont-vert", "dossier-exterieur", StringComparison.Ordinal) + More, Cancellation);
        await File.WriteAllTextAsync(folder.File("nuget.config"), Sources(folder), Cancellation);
        await DotnetAsync(Repository.Root, "pack", "shared/Cdr.Client", "--no-build", "-c", Repository.Configuration, "-o", folder.File("feed"), "--nologo");
        // That one and no other: of a version that is not there NuGet takes the next.
        var packed = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(folder.File("feed"), "Cdr.Client.*.nupkg")));
        await File.WriteAllTextAsync(folder.File("outside.csproj"), Project.Replace("VERSION", packed["Cdr.Client.".Length..], StringComparison.Ordinal), Cancellation);
        await DotnetAsync(folder.Path, "build", "-c", "Release", "-o", folder.File("out"), "--nologo", "-v", "q", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        var said = await DotnetAsync(folder.Path, folder.File("out/outside.dll"));

        var told = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^[0-9a-f-]{36} Found: Droits ouverts$", told[0]);
        Assert.Equal(["again True Open", "step Cnam Found", "steps Found", "refused 400 nir False True", "listed True", "cancelled",
            "batch True True F-1 Found F-2 NotFound", "since 0, as a table 2", "kept 2 True Ended", "faults 400 3 nir False", "statement True 29 %PDF-", "no statement 404 statement-not-found"], told[1..]);
    }

    private static async Task RegisterAsync(IPlatform platform, string client, RSA key)
    {
        using var administrator = await Clerk.SignInAsync(platform, "cpa-administrateur", Cancellation);
        using var registered = await administrator.Http.PutAsJsonAsync($"api/sessions/software-clients/{client}",
            new SoftwareRegistration("Dossier extérieur", ["590991014"], null, null, key.ExportSubjectPublicKeyInfoPem(), new DateOnly(2026, 1, 1), null), Cancellation);
        Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>The package from its feed and nowhere else, into folders of its own; what it leans on from the machine's, without the network.</summary>
    private static string Sources(TestFolder folder)
    {
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{folder.File("packages")}" /></config>
              <packageSources><clear /><add key="feed" value="{folder.Folder("feed")}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
            </configuration>
            """;
    }

    private static async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(180));
        var (output, errors) = (dotnet.StandardOutput.ReadToEndAsync(deadline.Token), dotnet.StandardError.ReadToEndAsync(deadline.Token));
        await dotnet.WaitForExitAsync(deadline.Token);
        Assert.True(dotnet.ExitCode == 0, $"dotnet {arguments[0]}: {await output} {await errors}");
        return await output;
    }

    [GeneratedRegex("<!-- client -->\\s*```csharp\\n(?<lines>.*?)```\\s*<!-- /client -->", RegexOptions.Singleline)]
    private static partial Regex Client();
}
