using System.Data.Common;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;
using Spectre.Console.Cli;

namespace Cdr.Admin;

/// <summary>How a command ends, the same for all.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Not understood, or a setting lacks.</summary>
    public const int NotUnderstood = 2;

    /// <summary>Something does not answer: again later.</summary>
    public const int NotNow = 3;

    /// <summary>Interrupted from the keyboard.</summary>
    public const int Interrupted = 130;

    // PostgreSQL, appendix A: undefined table.
    private const string NoSuchTable = "42P01";

    /// <summary>One line, without a trace: what a store's own words say may quote a row.</summary>
    public static int Tell(Exception e, TextWriter errors)
    {
        switch (e)
        {
            case OperationCanceledException:
                errors.WriteLine("Interrupted.");
                return Interrupted;
            case var _ when StoreOutage.Is(e):
                errors.WriteLine($"A store does not answer ({e.GetBaseException().GetType().Name}).");
                return NotNow;
            case DbException or DbUpdateException when e.GetBaseException() is DbException { SqlState: { } state }:
                errors.WriteLine($"A store refuses ({state}){(state == NoSuchTable ? ": run migrate first." : ".")}");
                return NotUnderstood;
            case CommandAppException or InvalidDataException or InvalidOperationException or Microsoft.Extensions.Options.OptionsValidationException or DirectoryNotFoundException:
                errors.WriteLine(e.Message);
                return NotUnderstood;
            default:
                errors.WriteLine($"It failed unexpectedly ({e.GetType().Name}).");
                return NotUnderstood;
        }
    }
}
