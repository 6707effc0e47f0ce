"""`clearhold demo`: makes a small retailer, runs everything on it, compares with what was planted, opens the page."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's options."""
    parser.add_argument("--no-serve", action="store_true", help="stop after the table")
    parser.add_argument("--seed", type=int, default=7, help="another seed is another retailer (default 7)")
    parser.add_argument("--port", type=int, default=None, help="port of the page (default CLEARHOLD_PORT or 8460)")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")


def run(args: argparse.Namespace) -> int:
    """Returns 0 only if every planted fault is held or blocked."""
    import json

    from core.settings import Settings
    from review_api.demo import DemoHome, open_page, run_demo
    from review_api.demo_report import as_json, as_text

    home = DemoHome.under(Settings().home, args.seed)
    report = run_demo(home)
    print(json.dumps(as_json(report), indent=2) if args.json else as_text(report))
    if not args.no_serve:
        open_page(home, args.port)
    return 0 if report.every_fault_held else 1
