using System.ComponentModel;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Features.AssignRole;
using Cdr.Sessions.Features.FindRoles;
using Cdr.Sessions.Features.WithdrawRole;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Cdr.Admin;

/// <summary>Roles, by the use cases that the pages of administration go through: the same rules, and each act in the same record.</summary>
internal abstract class UserCommand<TSettings>(IAnsiConsole console) : AsyncCommand<TSettings>
    where TSettings : OutputSettings
{
    protected IAnsiConsole Console => console;

    public sealed override async Task<int> ExecuteAsync(CommandContext context, TSettings settings, CancellationToken cancellationToken)
    {
        await using var host = Hosts.Build("sessions");
        await using var scope = host.Services.CreateAsyncScope();
        return await RunAsync(scope.ServiceProvider, settings, cancellationToken);
    }

    protected abstract Task<int> RunAsync(IServiceProvider services, TSettings settings, CancellationToken cancellationToken);

    protected int Tell<T>(TSettings settings, Results<Ok<T>, ProblemHttpResult> said, Action<IAnsiConsole, T> say)
    {
        if (said.Result is ProblemHttpResult { ProblemDetails: var problem })
        {
            System.Console.Error.WriteLine(string.Join(' ', new[] { problem.Title, problem.Detail }.Where(words => !string.IsNullOrEmpty(words))));
            return ExitCodes.NotUnderstood;
        }

        var value = ((Ok<T>)said.Result).Value!;
        console.Answer(settings, value, to => say(to, value));
        return ExitCodes.Done;
    }

    protected static string Place(RoleState role) =>
        string.Join(' ', new[] { role.Establishment, role.EstablishmentName, role.Unit, role.Group, role.Regime, role.Organism }.Where(part => !string.IsNullOrEmpty(part)));
}

internal sealed class ListUsers(IAnsiConsole console) : UserCommand<ListUsers.Settings>(console)
{
    protected override async Task<int> RunAsync(IServiceProvider services, Settings settings, CancellationToken cancellationToken)
    {
        var said = await FindRoles.HandleAsync(
            new RoleSearch(Role: settings.Role, Establishment: settings.Establishment), services.GetRequiredService<SessionsDb>(), services.GetRequiredService<PersonRegister>(), cancellationToken);
        if (said.Result is Ok<IReadOnlyList<RoleState>> { Value.Count: FindRoles.Most })
            System.Console.Error.WriteLine($"Only the first {FindRoles.Most}: --role and --establishment narrow it down.");
        return Tell(settings, said, (to, roles) =>
        {
            if (roles.Count == 0)
                to.Line("Nobody.");
            else
                to.Table(["id", "role", "where", "holder", "from", "until"], roles.Select(one => new[] { $"{one.Id}", one.Role, Place(one), one.Holder, $"{one.From:O}", $"{one.Until:O}" }));
        });
    }

    public sealed class Settings : OutputSettings
    {
        [CommandOption("--role <ROLE>")]
        [Description("administrator, operations, data-protection, hotline, group-manager, regime-agent, referent…")]
        public string? Role { get; init; }

        [CommandOption("--establishment <FINESS>")]
        public string? Establishment { get; init; }
    }
}

internal sealed class AssignUser(IAnsiConsole console) : UserCommand<AssignUser.Settings>(console)
{
    protected override async Task<int> RunAsync(IServiceProvider services, Settings settings, CancellationToken cancellationToken)
    {
        // Not an argument: whoever lists this machine's processes, or reads the shell's history, would have it.
        if (!System.Console.IsInputRedirected)
            System.Console.Error.Write("Identifier, as on the card (8 and the RPPS number…): ");
        // A console that is read from cannot be interrupted.
        var number = (await Task.Run(() => System.Console.In.ReadLine(), CancellationToken.None).WaitAsync(cancellationToken))?.Trim() ?? "";
        var said = await AssignRole.AssignAsync(
            new RoleAssignment(number, settings.Role, settings.Establishment, settings.Unit, settings.Group, settings.Regime, settings.From, settings.Until, settings.Organism),
            Administrator.OfOperator, services.GetRequiredService<SessionsDb>(), services.GetRequiredService<PersonRegister>(), services.GetRequiredService<TimeProvider>(), cancellationToken);
        return Tell(settings, said, (to, role) => to.Line($"{role.Role} {Place(role)} from {role.From:O}{(role.Until is { } until ? $" until {until:O}" : "")}: {role.Id}"));
    }

    public sealed class Settings : OutputSettings
    {
        [CommandArgument(0, "<ROLE>")]
        [Description("administrator, operations, data-protection, hotline, group-manager, regime-agent, referent…")]
        public required string Role { get; init; }

        [CommandOption("--establishment <FINESS>")]
        public string? Establishment { get; init; }

        [CommandOption("--unit <CODE>")]
        public string? Unit { get; init; }

        [CommandOption("--group <ID>")]
        public string? Group { get; init; }

        [CommandOption("--regime <ID>")]
        public string? Regime { get; init; }

        [CommandOption("--organism <CODE>")]
        [Description("Régime and caisse, 5 digits.")]
        public string? Organism { get; init; }

        [CommandOption("--from <DAY>")]
        [Description("First day; today where it is not given.")]
        public DateOnly? From { get; init; }

        [CommandOption("--until <DAY>")]
        [Description("Last day.")]
        public DateOnly? Until { get; init; }
    }
}

internal sealed class WithdrawUser(IAnsiConsole console) : UserCommand<WithdrawUser.Settings>(console)
{
    protected override async Task<int> RunAsync(IServiceProvider services, Settings settings, CancellationToken cancellationToken)
    {
        var said = await WithdrawRole.WithdrawAsync(
            settings.Id, new RoleWithdrawal(settings.LastDay), Administrator.OfOperator, services.GetRequiredService<SessionsDb>(), services.GetRequiredService<SessionCopies>().MarkEndedAsync,
            services.GetRequiredService<PersonRegister>(), services.GetRequiredService<TimeProvider>(), cancellationToken);
        return Tell(settings, said, (to, role) => to.Line($"{role.Role} {Place(role)} ends after {role.Until:O}."));
    }

    public sealed class Settings : OutputSettings
    {
        [CommandArgument(0, "<ID>")]
        [Description("As « users list » says it.")]
        public required Guid Id { get; init; }

        [CommandOption("--last-day <DAY>")]
        [Description("At once where it is not given: the sessions that it opened end.")]
        public DateOnly? LastDay { get; init; }
    }
}
