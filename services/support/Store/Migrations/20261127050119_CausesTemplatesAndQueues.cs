using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Support.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class CausesTemplatesAndQueues : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Cause",
                table: "tickets",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "causes",
                columns: table => new
                {
                    Code = table.Column<string>(type: "text", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Label = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true),
                    OfIncident = table.Column<bool>(type: "boolean", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    By = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_causes", x => new { x.Code, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "templates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Use = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: true),
                    Topic = table.Column<string>(type: "text", nullable: true),
                    Title = table.Column<string>(type: "text", nullable: false),
                    Text = table.Column<string>(type: "text", nullable: false),
                    Withdrawn = table.Column<bool>(type: "boolean", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    By = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_templates", x => new { x.Id, x.Number });
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Author_Id",
                table: "tickets",
                columns: new[] { "Author", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_CreatedAt",
                table: "tickets",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Department_Id",
                table: "tickets",
                columns: new[] { "Department", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Organism_Kind_Id",
                table: "tickets",
                columns: new[] { "Organism", "Kind", "Id" },
                filter: "\"Organism\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Priority_Id",
                table: "tickets",
                columns: new[] { "Priority", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Team_Id",
                table: "tickets",
                columns: new[] { "Team", "Id" },
                filter: "\"Team\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_UpdatedAt",
                table: "tickets",
                column: "UpdatedAt");

            foreach (var table in new[] { "causes", "templates" })
                migrationBuilder.Sql($"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only();");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "causes");

            migrationBuilder.DropTable(
                name: "templates");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Author_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_CreatedAt",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Department_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Organism_Kind_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Priority_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Team_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_UpdatedAt",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Cause",
                table: "tickets");
        }
    }
}
