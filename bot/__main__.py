"""`python -m bot` is `foghorn`."""

from bot.cli import main

if __name__ == "__main__":
    main()
