using System.Text;
using Cdr.RegimeSimulator.Cases;

namespace Cdr.RegimeSimulator;

/// <summary>Seventeen regime back ends over a synthetic population; <c>people</c> writes docs/people.md instead.</summary>
public sealed class RegimeSimulatorProgram
{
    private RegimeSimulatorProgram()
    {
    }

    public static void Main(string[] args)
    {
        if (args is ["people"])
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            Console.Out.Write(PeoplePage.Write(SimulatedPeople.Create(insuredPersons: 0)));
            return;
        }

        var builder = WebApplication.CreateBuilder(args);
        builder.AddRegimeSimulator();
        builder.Services.AddHealthChecks();
        var app = builder.Build();
        app.MapHealthChecks("/health/live");
        app.MapHealthChecks("/health/ready");
        app.MapRegimeSimulator();
        app.Run();
    }
}
