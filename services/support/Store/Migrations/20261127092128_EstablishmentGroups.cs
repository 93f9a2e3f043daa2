using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Support.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class EstablishmentGroups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "establishment_groups",
                columns: table => new
                {
                    Finess = table.Column<string>(type: "text", nullable: false),
                    Group = table.Column<string>(type: "text", nullable: false),
                    SaidAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_establishment_groups", x => x.Finess);
                });

            // What its people's sessions said last, as far as tickets tell: of those that they began, or else of calls that they answered with one.
            migrationBuilder.Sql("""
                INSERT INTO establishment_groups ("Finess", "Group", "SaidAt")
                SELECT DISTINCT ON (ticket."Establishment") ticket."Establishment", ticket."Group", said."At"
                FROM tickets ticket CROSS JOIN LATERAL (
                    SELECT min(entry."At") AS "At", bool_or(entry."Number" = 1) AS "Own" FROM entries entry
                    WHERE entry."Ticket" = ticket."Id" AND entry."Role" IN ('clerk', 'referent') AND entry."Detail" IS DISTINCT FROM 'mail' AND entry."Action" <> 'Attach') said
                WHERE said."At" IS NOT NULL
                ORDER BY ticket."Establishment", said."Own" DESC, said."At" DESC
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "establishment_groups");
        }
    }
}
